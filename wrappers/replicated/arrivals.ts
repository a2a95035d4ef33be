/** Who waits until enough replicas have everything up to a change. */
export interface Arrivals {
  /** Comes when so many have it. */
  wait(at: number, needed: number): Promise<void>
  /** A replica has got further. */
  check(): void
  /** Nobody gets any further. */
  end(error: Error): void
}

export function arrivals(reached: () => readonly number[]): Arrivals {
  let ended: Error | undefined
  const waiting = new Set<{ readonly done: () => boolean; resolve(): void; reject(error: unknown): void }>()

  return {
    wait(at, needed) {
      const done = () => reached().filter(each => each >= at).length >= needed
      if (done()) return Promise.resolve()
      if (ended) return Promise.reject(ended)
      return new Promise((resolve, reject) => {
        waiting.add({ done, resolve, reject })
      })
    },
    check() {
      for (const one of waiting) if (one.done() && waiting.delete(one)) one.resolve()
    },
    end(error) {
      ended = error
      for (const one of waiting) one.reject(error)
      waiting.clear()
    },
  }
}
