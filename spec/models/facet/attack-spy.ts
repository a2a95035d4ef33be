/** A store that writes down what is done to it: each row that is read by a question, each write with what was there before. */
import type { Data, Id, Store, Transaction } from '../../../lib/store.js'
import { equal } from '../../../lib/value.js'

export type Effect =
  | { readonly kind: 'get'; readonly id: Id }
  | { readonly kind: 'row'; readonly row: Data }
  | { readonly kind: 'write'; readonly before: Data | undefined; readonly after: Data | undefined }

export interface Spy {
  readonly store: Store
  readonly effects: Effect[]
}

export function spy(inner: Required<Store>): Spy {
  const effects: Effect[] = []
  const tell = (effect: Effect) => void effects.push(effect)

  function around<S extends Store | Transaction>(given: S, committed: (work: () => void) => void) {
    const target = given as unknown as Required<Store>
    function written(id: Id, before: Data | undefined) {
      const after = target.get(id) as Data | undefined
      if (!equal(before, after)) committed(() => tell({ kind: 'write', before, after }))
    }
    return {
      get(id: Id, options?: object) {
        tell({ kind: 'get', id })
        return target.get(id, options)
      },
      put(object: Data, options: { readonly id?: Id } = {}) {
        const id = options.id ?? (object.id as Id | undefined)
        const before = id === undefined ? undefined : (target.get(id) as Data | undefined)
        const stored = target.put(object, options) as Id
        written(stored, before)
        return stored
      },
      add(object: Data, options?: object) {
        const stored = target.add(object, options) as Id
        written(stored, undefined)
        return stored
      },
      delete(id: Id, options?: object) {
        const before = target.get(id) as Data | undefined
        const done = target.delete(id, options)
        written(id, before)
        return done
      },
      *query(query?: string, options?: object) {
        for (const item of target.query(query, options) as Iterable<Data>) {
          // what is selected may be a part
          if (typeof item === 'object' && item !== null && 'owner' in item && 'id' in item && 'age' in item)
            tell({ kind: 'row', row: item })
          yield item
        }
      },
      count: (query?: string, options?: object) => target.count(query, options),
    }
  }

  const store = {
    ...around(inner, work => work()),
    subscribe: inner.subscribe,
    setSchema: inner.setSchema,
    close: inner.close,
    async transaction(options?: object) {
      const tx = (await inner.transaction(options)) as Transaction
      const works: (() => void)[] = []
      return {
        ...around(tx, work => void works.push(work)),
        async commit() {
          await tx.commit()
          for (const work of works) work()
        },
        abort: () => tx.abort(),
      }
    },
  }
  return { store: store as never, effects }
}
