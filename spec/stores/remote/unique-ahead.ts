import { derive, forward, provide } from '../../../lib/derive.js'
import { checkPrecondition } from '../../../lib/etag.js'
import { uniqueKeys } from '../../../lib/overlay-unique.js'
import type { Id, PutOptions, Store, Transaction, TransactionOptions } from '../../../lib/store.js'

/** Refuses values that are taken before they are written, as stores do that can be told of unique keys. For one writer. */
export function uniqueAhead(store: Store): Store {
  const unique = uniqueKeys()

  const put =
    (target: Store | Transaction, method: 'put' | 'add') =>
    async (object: object & { id: Id }, options: PutOptions = {}) => {
      const stored = await target.get?.(object.id)
      if (!stored || method === 'put') {
        checkPrecondition(stored, options, object.id)
        await unique.check(object.id, object, target, {})
      }
      return (target[method] as NonNullable<Store['put']>)(object, options)
    }

  const within = (tx: Transaction) =>
    derive<object, Id>(tx, {
      get: forward,
      put: put(tx, 'put'),
      add: put(tx, 'add'),
      delete: forward,
      query: forward,
      count: forward,
      prepare: forward,
      commit: forward,
      abort: forward,
    } as never)

  return derive<object, Id>(store, {
    get: forward,
    put: put(store, 'put'),
    add: put(store, 'add'),
    delete: forward,
    query: forward,
    count: forward,
    subscribe: forward,
    transaction: async (options?: TransactionOptions) =>
      within(await (store.transaction as NonNullable<Store['transaction']>)(options)),
    setSchema: provide(unique.tell),
    close: forward,
  } as never)
}
