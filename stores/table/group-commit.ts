/** Makes one item last. Resolves when it has. */
export type Commit<I> = (item: I) => Promise<void>

export interface GroupCommitHooks<I> {
  /** Makes all of these last, in this order, or throws. */
  write(items: readonly I[]): Promise<void>
  /** They last now. Called before anybody is told. */
  landed(items: readonly I[]): void
  /** These, and all that came after them, will not last. Called before anybody is told. */
  failed(): void
}

interface Waiting<I> {
  readonly item: I
  resolve(): void
  reject(error: unknown): void
}

/**
 * Group commit (DeWitt et al., 1984): what arrives while one write is on its way to the disk shares the next one, so
 * that many callers wait for few syncs. One write is under way at a time; after a failure everything in line fails.
 */
export function groupCommit<I>({ write, landed, failed }: GroupCommitHooks<I>): Commit<I> {
  let line: Waiting<I>[] = []
  let running = false

  async function run(): Promise<void> {
    // what the caller asks for in the same tick belongs to the same group
    await undefined
    while (line.length > 0) {
      const group = line
      line = []
      const items = group.map(({ item }) => item)
      try {
        await write(items)
      } catch (error) {
        failed()
        for (const each of [...group, ...line.splice(0)]) each.reject(error)
        continue
      }
      landed(items)
      for (const each of group) each.resolve()
    }
    running = false
  }

  return item =>
    new Promise((resolve, reject) => {
      line.push({ item, resolve, reject })
      if (running) return
      running = true
      void run()
    })
}
