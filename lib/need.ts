import { StoreError } from './errors.js'
import { can, type Method, methods, type Store } from './store.js'
import { describe } from './value.js'
import { isPromise } from './when.js'

/** Refuses a store that lacks what it is needed for: a `NotSupportedError` that names the methods. */
export function need(store: Store, role: string, ...methods: readonly Method[]): void {
  checkStore(store)
  const missing = methods.filter(method => !can(store, method))
  if (missing.length > 0) throw new StoreError('NotSupportedError', `${role} must have ${missing.join(', ')}`)
}

/** A `TypeError` for what is no store at all, such as a path, or a store that was not awaited. */
export function checkStore(given: unknown): void {
  if (isPromise(given)) throw new TypeError('a store is expected, not the promise of one: await it')
  if (typeof given === 'object' && given !== null) return
  if (typeof given !== 'function') throw new TypeError(`a store is expected, not ${describe(given)}`)
  if (methods.some(method => method in given)) return
  throw new TypeError(`a store is expected, not the function ${given.name}: call it`)
}
