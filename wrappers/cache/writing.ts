import { isStoreError } from '../../lib/errors.js'
import type { Id } from '../../lib/store.js'

/**
 * The writes that are under way. While the object of a key is being written nothing is kept of it, and what began to be
 * read before is not kept either: a lease, as in Nishtala et al., Scaling Memcache at Facebook (NSDI 2013).
 */
export interface Writing {
  /** Is the key being written, or is it unknown what came of that? */
  has(key: Id): boolean
  /** Is any? */
  readonly any: boolean
  begin(keys: Iterable<Id>): Underway
}

/** A write, or several that end together. It ends once; what is said of it later does not count. */
export interface Underway {
  /** Whoever reads from now on sees it. */
  seen(): void
  /** It failed with this error. */
  failed(error: unknown): void
}

/** `changed` is called for every key when a write begins, and when it ends. */
export function writing(changed: (key: Id) => void): Writing {
  const busy = new Map<Id, number>()
  /** Keys that stay busy although no write of them is under way. */
  const doubts = new Set<Id>()

  function release(keys: readonly Id[]): void {
    for (const key of keys) {
      const left = (busy.get(key) as number) - 1
      if (left > 0) busy.set(key, left)
      else busy.delete(key)
      changed(key)
    }
  }

  return {
    has: key => busy.has(key),
    get any() {
      return busy.size > 0
    },
    begin(given) {
      const keys = [...given]
      for (const key of keys) {
        busy.set(key, (busy.get(key) ?? 0) + 1)
        changed(key)
      }
      /** Whether it will be seen, or when, is not known before the next write has been acknowledged. */
      const doubtful = () => {
        const known = keys.filter(key => doubts.has(key))
        for (const key of keys.splice(0)) doubts.add(key)
        release(known)
      }
      return {
        seen() {
          // there is one writer at a time: what was in doubt until now has been decided
          release([...doubts, ...keys.splice(0)])
          doubts.clear()
        },
        failed: error => (isRefusal(error) ? release(keys.splice(0)) : doubtful()),
      }
    },
  }
}

/** Does it say that nothing was written, and never will be? */
function isRefusal(error: unknown): boolean {
  return isStoreError(error) && error.name !== 'OutcomeUnknownError' && error.name !== 'UnknownError'
}
