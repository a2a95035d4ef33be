import type { Query, Store, Transaction } from '../../../lib/store.js'

/** Lets what is ready go on. */
export const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** A store that looks later, and takes its time to write. */
export function slow(store: Store): Store {
  return {
    ...later(store),
    transaction: async options => {
      const tx = (await store.transaction?.(options)) as Transaction
      return { ...tx, ...later(tx) }
    },
  }
}

function later<S extends Pick<Store, 'get' | 'put' | 'query'>>(target: S): S {
  return {
    ...target,
    async get(id: never) {
      await turn()
      return target.get?.(id)
    },
    async put(object: object, options: object) {
      await turn()
      return target.put?.(object, options)
    },
    query: (query: Query) => ({
      async *[Symbol.asyncIterator]() {
        await turn()
        yield* target.query?.(query) ?? []
      },
    }),
  }
}
