import { isStoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Change, Id, Store } from '../../lib/store.js'

export interface Follower {
  /** The object of this key was written. */
  changed(key: Id): void
  /** Changes were missed. */
  missed(): void
  /** No more changes will be told. */
  ended(): void
}

/** Follows all changes of a store until the function that it gives is called. */
export function follow<T extends object, K extends Id>(store: Store<T, K>, follower: Follower): () => void {
  const controller = new AbortController()
  const begin = () => store.subscribe?.(undefined, { signal: controller.signal }) as AsyncIterable<Change<T, K>>

  async function listen(changes: AsyncIterable<Change<T, K>>): Promise<void> {
    try {
      for await (const { id } of changes) follower.changed(toKey(id))
      follower.ended()
    } catch (error) {
      // it fell behind: that is no reason to give up
      if (!isStoreError(error, 'QuotaExceededError')) throw error
      const again = begin()
      follower.missed()
      await listen(again)
    }
  }

  listen(begin()).catch(() => follower.ended())
  return () => controller.abort()
}
