import type { Options } from '../../lib/store.js'

/** The longest that a timer can wait, 24.8 days; more would be no time at all. */
const longest = 2 ** 31 - 1

/** Does work again and again, so many milliseconds after the last time, or 24.8 days; keeps no process alive. */
export function background(work: (options: Options) => Promise<unknown>, every: number) {
  const ending = new AbortController()
  let failures = 0
  let running: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait(): void {
    timer = setTimeout(run, Math.min(every, longest))
    // a browser's timer is a number
    ;(timer as { unref?(): void }).unref?.()
  }

  function run(): void {
    running = work({ signal: ending.signal })
      // what could not be done now is done the next time
      .catch(() => void failures++)
      .then(() => {
        running = undefined
        if (!ending.signal.aborted) wait()
      })
  }

  wait()
  return {
    failures: () => failures,
    /** Comes when it has stopped, at once if nothing is under way. */
    stop(): Promise<void> | undefined {
      clearTimeout(timer)
      ending.abort()
      return running
    },
  }
}
