import { describe } from './value.js'

/** A clock that was given as an option: a `TypeError` where it gives anything but a finite number, which no time is later than. */
export function checkedClock(clock: () => number): () => number {
  return () => {
    const time: unknown = clock()
    if (Number.isFinite(time)) return time as number
    const given = typeof time === 'number' ? time : describe(time)
    throw new TypeError(`a clock gives the time in milliseconds as a finite number, not ${given}`)
  }
}
