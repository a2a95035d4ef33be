import { explain } from './explain.js'
import type { Store } from './store.js'

/**
 * The property that holds the id of a store's objects: as the caller says, else as the store says of itself, else `id`. A
 * `TypeError` if the two disagree: all ids would be missed.
 */
export function idPropertyOf(store: Store, said: string | undefined, otherwise = 'id'): string {
  const { idProperty = said ?? otherwise } = explain(store)
  if (said === undefined || said === idProperty) return idProperty
  throw new TypeError(`the store keeps the id of an object as ${idProperty}, not as ${said}`)
}
