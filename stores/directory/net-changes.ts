import type { Id } from '../../lib/store.js'
import type { Decided } from '../table/write.js'

/** What becomes of each object in the end, and what it was at the start. */
export function netChanges<T extends object>(sets: readonly (readonly Decided<T>[])[]): Decided<T>[] {
  const changes = new Map<Id, Decided<T>>()
  for (const { previous, ...change } of sets.flat()) {
    const first = changes.has(change.key) ? changes.get(change.key)?.previous : previous
    changes.set(change.key, { ...change, ...(first && { previous: first }) })
  }
  return [...changes.values()]
}
