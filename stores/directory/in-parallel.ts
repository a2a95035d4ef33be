/** Does the work for all, so many at a time. After an error nothing more is begun, and it is thrown when all has ended. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { max = 32 }: { readonly max?: number } = {},
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  async function run(): Promise<void> {
    while (next < items.length) {
      const at = next++
      try {
        results[at] = await work(items[at] as T)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  const runs = await Promise.allSettled(Array.from({ length: Math.min(max, items.length) }, run))
  for (const each of runs) if (each.status === 'rejected') throw each.reason
  return results
}
