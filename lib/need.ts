import { StoreError } from './errors.js'
import { can, type Method, type Store } from './store.js'

/** Refuses a store that lacks what it is needed for: a `NotSupportedError` that names the methods. */
export function need(store: Store, role: string, ...methods: readonly Method[]): void {
  const missing = methods.filter(method => !can(store, method))
  if (missing.length > 0) throw new StoreError('NotSupportedError', `${role} must have ${missing.join(', ')}`)
}
