import { derive, forward, hide, type Wrapped } from '../../lib/derive.js'
import type { Id, Store } from '../../lib/store.js'
import type { TableStore } from './store.js'

/** A table that nobody writes to: nothing can be written, and there is nothing to follow. */
export type ReadonlyTableStore<T extends object, K extends Id> = Wrapped<
  TableStore<T, K>,
  'put' | 'add' | 'delete' | 'subscribe' | 'transaction'
>

export function readonlyTable<T extends object, K extends Id>(store: TableStore<T, K>): ReadonlyTableStore<T, K>
export function readonlyTable<T extends object, K extends Id>(store: Store<T, K>): Store<T, K> {
  return derive(store, {
    get: forward,
    put: hide,
    add: hide,
    delete: hide,
    query: forward,
    count: forward,
    subscribe: hide,
    transaction: hide,
    setSchema: forward,
    close: forward,
  })
}
