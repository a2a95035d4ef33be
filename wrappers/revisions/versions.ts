/** Earlier versions, each an object with the id and the revision of what it is of, and its text as extended JSON. */
import { parse, stringify } from '../../lib/json.js'
import { type Expression, node } from '../../lib/query/expression.js'
import type { Id, MaybePromise, Options, Store } from '../../lib/store.js'
import { onEach, when } from '../../lib/when.js'

/** An object as it was at a revision. */
export interface Revision<T extends object> {
  readonly revision: number
  readonly object: T
}

interface Kept {
  readonly id: Id
  readonly of: string
  readonly revision: number
  readonly text: string
}

type Place = Pick<Store<Kept, Id>, 'query' | 'add' | 'delete'>

export interface Versions<T extends object> {
  /** Keeps a version, and of that object no more than `max`. */
  keep(target: Place, id: Id, version: Revision<T>): MaybePromise<void>
  find(target: Place, id: Id, revision: number, options?: Options): MaybePromise<T | undefined>
  /** The newest first. */
  list(target: Place, id: Id, options?: Options): MaybePromise<readonly Revision<T>[]>
}

export function versionsIn<T extends object>(store: Store, max: number): Versions<T> {
  store.setSchema?.({ properties: { of: { type: 'string', index: true } } })

  function ask(target: Place, id: Id, more: readonly Expression[], options?: Options): MaybePromise<readonly Kept[]> {
    const { query } = target as Required<Place>
    const found = query(node('and', [node('eq', ['of', String(id)]), ...more]), options)
    return Symbol.asyncIterator in found ? collect(found) : [...found]
  }

  return {
    keep(target, id, { revision, object }) {
      const { add, delete: remove } = target as Required<Place>
      const kept = { of: String(id), revision, text: stringify(object) } as Kept
      return when(add(kept), () => {
        if (max === Infinity) return undefined
        const surplus = [newestFirst, node('limit', [Infinity, max])]
        return when(ask(target, id, surplus), found => onEach(found, ({ id }) => when(remove(id), () => {})))
      })
    },
    find: (target, id, revision, options) =>
      when(ask(target, id, [node('eq', ['revision', revision])], options), ([kept]) => kept && objectOf<T>(kept)),
    list: (target, id, options) =>
      when(ask(target, id, [newestFirst], options), found =>
        found.map(kept => ({ revision: kept.revision, object: objectOf<T>(kept) })),
      ),
  }
}

const newestFirst = node('sort', ['-revision'])

const objectOf = <T extends object>({ text }: Kept) => parse(text) as T

async function collect<I>(found: AsyncIterable<I>): Promise<I[]> {
  const collected: I[] = []
  for await (const each of found) collected.push(each)
  return collected
}
