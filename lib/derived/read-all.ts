import type { Options, Store } from '../store.js'

export interface Progress extends Options {
  /** Told now and then while everything is read: how many objects have been, and of how many, if the store can count. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined
}

/** How long to read before others have their turn, in milliseconds. */
const slice = 20

/** Does the work on every object of a store, and lets others do theirs meanwhile. */
export async function readAll(
  store: Store,
  { signal, onProgress }: Progress,
  work: (object: object) => unknown,
): Promise<void> {
  signal?.throwIfAborted()
  const total = onProgress && (await store.count?.('', { signal }))
  let since = performance.now()
  let done = 0
  for await (const object of store.query?.('', { signal }) ?? []) {
    await work(object)
    done++
    if (performance.now() - since < slice) continue
    onProgress?.(done, total)
    await new Promise(resolve => setTimeout(resolve))
    signal?.throwIfAborted()
    since = performance.now()
  }
  onProgress?.(done, total)
  signal?.throwIfAborted()
}
