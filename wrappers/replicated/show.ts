import type { Id, Store } from '../../lib/store.js'

/** Makes a store hold an object, or hold it no longer. */
export async function show<T extends object, K extends Id>(
  target: Pick<Store<T, K>, 'put' | 'delete'>,
  id: K,
  object: T | undefined,
): Promise<void> {
  if (object) await target.put?.(object, { id })
  else await target.delete?.(id)
}
