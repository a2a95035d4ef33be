import { derive, forward, hide, type Wrapped } from '../lib/derive.js'
import { introduce } from '../lib/explain.js'
import type { Id, Store } from '../lib/store.js'

/**
 * A store that can be read and followed, but not written to: it has no `put`, `add`, `delete` and `transaction`. Costs
 * nothing: what it has is the inner store's own.
 */
export function readonly<S extends Store>(inner: S): Wrapped<S, 'put' | 'add' | 'delete' | 'transaction'>
export function readonly<T extends object, K extends Id>(inner: Store<T, K>): Store<T, K> {
  const store = derive(inner, {
    get: forward,
    put: hide,
    add: hide,
    delete: hide,
    query: forward,
    count: forward,
    subscribe: forward,
    transaction: hide,
    setSchema: forward,
    close: forward,
  })
  return introduce(store, { name: 'readonly', inner: [inner] })
}
