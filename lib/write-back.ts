import { explain } from './explain.js'
import type { Store } from './store.js'

/**
 * What a wrapper may write into a store of an object as it was read earlier, or elsewhere: without what the store sets by
 * itself at each put, such as its revision, which would say that the object is stale.
 */
export function writingBack(store: Store): <T extends object | undefined>(object: T) => T {
  const { sets } = explain(store)
  return object => {
    if (!object || !sets.some(name => Object.hasOwn(object, name))) return object
    return Object.fromEntries(Object.entries(object).filter(([name]) => !sets.includes(name))) as typeof object
  }
}
