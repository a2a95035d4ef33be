/** Work to be done before the process ends because it has nothing else to do. */
const waiting = new Set<() => void>()

process.on('beforeExit', () => {
  // each once: what begins here keeps the process alive, and then it is asked again
  const works = [...waiting]
  waiting.clear()
  for (const work of works) work()
})

export interface AtExit {
  /** There is something to do, if the process ends now. */
  needed(): void
  /** There is not. */
  leave(): void
}

export function atExit(work: () => void): AtExit {
  return {
    needed: () => void waiting.add(work),
    leave: () => void waiting.delete(work),
  }
}
