/** Calls the work after so many milliseconds; gives what calls it off. */
export type Schedule = (work: () => void, milliseconds: number) => () => void

/** Work that is done in rounds: again while there is more to do, and after a failure later and later. */
export interface Rounds {
  /** There is something to do. */
  wake(): void
  /** Why the last round failed, if it did. */
  readonly problem: unknown
  stop(): void
}

const firstPause = 50
const longestPause = 5000

export function rounds(
  /** Does a round; tells whether there may be more to do. */
  round: () => Promise<boolean>,
  { schedule, random }: { readonly schedule: Schedule; readonly random: () => number },
): Rounds {
  let state: 'idle' | 'busy' | 'pausing' | 'stopped' = 'idle'
  let again = false
  let failures = 0
  let problem: unknown
  let cancel = () => {}

  async function run(): Promise<void> {
    state = 'busy'
    again = false
    try {
      again = (await round()) || again
      failures = 0
      problem = undefined
      if (state === 'busy') state = 'idle'
      if (again) wake()
    } catch (error) {
      problem = error
      if (state === 'busy') pause()
    }
  }

  function pause(): void {
    state = 'pausing'
    // not all at once, when what was down is back
    const longest = Math.min(longestPause, firstPause * 2 ** failures++)
    cancel = schedule(() => void run(), longest * (0.5 + random() / 2))
  }

  function wake(): void {
    if (state === 'idle') void run()
    else again = true
  }

  return {
    wake,
    get problem() {
      return problem
    },
    stop() {
      state = 'stopped'
      cancel()
    },
  }
}

/** Real time; a timer does not keep the process alive. */
export const inTime: Schedule = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds) as { unref?: () => void } & ReturnType<typeof setTimeout>
  timer.unref?.()
  return () => clearTimeout(timer)
}

/** What comes, or an error if it does not come in time. */
export function within<R>(milliseconds: number, schedule: Schedule, coming: Promise<R>, late: () => Error): Promise<R> {
  return new Promise((resolve, reject) => {
    const cancel = schedule(() => reject(late()), milliseconds)
    coming.then(resolve, reject).finally(cancel)
  })
}
