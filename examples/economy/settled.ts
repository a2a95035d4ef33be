import { isStoreError } from 'holdfast'

/** Does the work so many times, `width` at once. Says how often it was done, and how often it was refused. */
export async function settled(count: number, width: number, work: () => Promise<unknown>) {
  let [left, done, refused] = [count, 0, 0]
  async function worker(): Promise<void> {
    while (left-- > 0) {
      try {
        await work()
        done++
      } catch (error) {
        // not so much is there
        if (!isStoreError(error, 'ConstraintError')) throw error
        refused++
      }
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return { done, refused }
}
