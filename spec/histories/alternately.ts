import type { Store } from '../../lib/store.js'

type Full = Required<Store>

/** One store made of several on the same objects, as by as many processes: each call goes to the next of them. */
export function alternately(stores: readonly Full[]): Full {
  let calls = 0
  const next = () => stores[calls++ % stores.length] as Full
  return {
    get: (...args) => next().get(...args),
    put: (...args) => next().put(...args),
    add: (...args) => next().add(...args),
    delete: (...args) => next().delete(...args),
    query: (...args) => next().query(...args),
    count: (...args) => next().count(...args),
    subscribe: (...args) => next().subscribe(...args),
    transaction: (...args) => next().transaction(...args),
    setSchema: schema => stores.forEach(store => void store.setSchema(schema)),
    async close() {
      for (const store of stores) await store.close()
    },
  }
}
