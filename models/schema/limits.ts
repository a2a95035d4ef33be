/** How much work one object may make: patterns, formats and branches of a schema that is trusted, over data that is not. */

/** The most work that the check of one object may be. A step takes 5 to 50 nanoseconds. */
export const maxWork = 4_000_000

/** Thrown where an object makes more work than that. */
export class TooMuchWork extends Error {}

let left = maxWork

/** Counts work that is about to be done, in steps. */
export function spend(steps: number): void {
  left -= steps
  if (left < 0) throw new TooMuchWork('the object takes too long to check')
}

/** Begins to count for another object. */
export function begin(): void {
  left = maxWork
}

/** How much work has been done since. */
export function spent(): number {
  return maxWork - left
}
