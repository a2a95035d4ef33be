import { type Lock, lock, type Release } from '../../lib/lock.js'

/** Whatever lets one writer of a key in at a time. */
export interface Locking {
  /** Waits until nobody else has the lock of this key. */
  getLock(key: string): PromiseLike<unknown> | unknown
  /** Gives it to who has waited longest. */
  releaseLock(key: string): unknown
}

interface Queue {
  readonly lock: Lock
  /** Those who have it, or wait. */
  users: number
  release: Release
}

/** A lock for each key, given in the order in which it was asked for. Who waits for one key does not wait for another. */
export class LockingQueue implements Locking {
  readonly #queues = new Map<string, Queue>()

  async getLock(key: string): Promise<void> {
    const queue = this.#queues.get(key) ?? { lock: lock(), users: 0, release() {} }
    this.#queues.set(key, queue)
    queue.users++
    queue.release = await queue.lock.write()
  }

  /** Harmless where nobody has it. */
  releaseLock(key: string): void {
    const queue = this.#queues.get(key)
    if (!queue) return
    if (--queue.users === 0) this.#queues.delete(key)
    queue.release()
  }
}

/** Does work while it has the locks of these keys, and gives them back, however that ends. */
export async function locked<R>(locking: Locking | null, keys: readonly string[], work: () => Promise<R>): Promise<R> {
  if (!locking) return work()
  const held: string[] = []
  try {
    // always in the same order, or two could wait for each other
    for (const key of [...new Set(keys)].sort()) {
      await locking.getLock(key)
      held.push(key)
    }
    return await work()
  } finally {
    for (const key of held) locking.releaseLock(key)
  }
}
