/** What is to be written, in order: the last write of each object, or all, where what is between counts. */
import { sameId, toKey } from '../../lib/id.js'
import { type Overlay, overlay, type Pending } from '../../lib/overlay.js'
import type { Id } from '../../lib/store.js'

export interface Queue {
  /** The last write of each object. */
  readonly pending: Overlay<object>
  readonly size: number
  /** All writes, in their order. */
  writes(): Pending[]
  /** Is there a write of this key that the next one replaces? */
  replaces(key: Id): boolean
  add(write: Pending): void
  /** The inner store has it. */
  landed(write: Pending): void
  /** Gives up what is to be written under an id; `false` if nothing is. */
  discard(id: Id): boolean
}

/**
 * `every` says whether all writes are kept: with unique keys a value is free for one object only after another has given it
 * up, so that the last writes alone, in their order, could be refused.
 */
export function queue(every: () => boolean): Queue {
  const pending = overlay<object>()
  const queued = new Set<Pending>()
  const replaces = (key: Id) => pending.has(key) && !every()
  return {
    pending,
    get size() {
      return queued.size
    },
    writes: () => [...queued],
    replaces,
    add(write) {
      const key = toKey(write.id)
      if (replaces(key)) queued.delete(pending.get(key) as Pending)
      queued.add(write)
      pending.write(write)
    },
    landed(write) {
      queued.delete(write)
      pending.landed(write)
    },
    discard(id) {
      for (const write of queued) if (sameId(write.id, id)) queued.delete(write)
      return pending.drop(id)
    },
  }
}
