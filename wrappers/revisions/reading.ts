import { provide } from '../../lib/derive.js'
import type { Id, MaybePromise, Options, Store } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Counting } from './counting.js'
import type { Revision, Versions } from './versions.js'

export interface ReadingOptions<T extends object, K extends Id> {
  /** The inner store, or a transaction on it. */
  readonly inner: Pick<Store<T, K>, 'get'>
  readonly counting: Counting<T, K>
  /** Where the earlier versions are, or a transaction on it. */
  readonly kept?: Pick<Store, 'query'> | undefined
  readonly versions?: Versions<T> | undefined
}

/** What tells the revisions of an object, and gives its versions where they are kept. */
export function reading<T extends object, K extends Id>({ inner, counting, kept, versions }: ReadingOptions<T, K>) {
  const { of, seen, meaning } = counting
  if (!inner.get) return {}
  const get = (id: K, options?: Options) => (inner as Required<typeof inner>).get(id, options)
  const revision = (id: K, options?: Options): MaybePromise<number | undefined> => when(get(id, options), seen)
  if (!kept || !versions) return { revision: provide(revision) }

  /** What is stored now, if it is seen. It is read first: if it is replaced meanwhile, it is among what is kept. */
  const current = (id: K, options?: Options): MaybePromise<readonly Revision<T>[]> =>
    when(get(id, options), stored =>
      stored && seen(stored) !== undefined ? [{ revision: of(stored), object: meaning.mark.seen(stored) }] : [],
    )

  return {
    revision: provide(revision),
    version: provide(
      (id: K, revision: number, options?: Options): MaybePromise<T | undefined> =>
        when(current(id, options), ([now]) =>
          now?.revision === revision ? now.object : versions.find(kept, id, revision, options),
        ),
    ),
    versions: provide(
      (id: K, options?: Options): MaybePromise<readonly Revision<T>[]> =>
        when(current(id, options), now =>
          when(versions.list(kept, id, options), earlier => [
            ...now,
            ...earlier.filter(({ revision }) => revision !== now[0]?.revision),
          ]),
        ),
    ),
  }
}
