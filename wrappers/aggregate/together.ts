import type { MaybePromise } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'

/** What all of the works give: now, if all of them give it now. */
export function together<R>(works: readonly (() => MaybePromise<R>)[]): MaybePromise<R[]> {
  const given: MaybePromise<R>[] = []
  try {
    for (const work of works) given.push(work())
  } catch (error) {
    for (const each of given) disregard(each)
    throw error
  }
  return given.some(isPromise) ? Promise.all(given) : (given as R[])
}

/** Nobody waits for this any more, so nobody is told if it fails. */
export function disregard(value: unknown): void {
  if (isPromise(value)) value.catch(() => {})
}
