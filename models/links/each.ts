import type { MaybePromise } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'

/**
 * Does the work on one after the other, as long as there are any: also on those that are added meanwhile. Synchronous if the
 * work is.
 */
export function each<I>(items: Iterable<I>, work: (item: I) => MaybePromise<unknown>): MaybePromise<void> {
  const iterator = items[Symbol.iterator]()
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    const doing = work(next.value)
    if (isPromise(doing)) return later(doing, iterator, work)
  }
}

async function later<I>(
  doing: Promise<unknown>,
  iterator: Iterator<I>,
  work: (item: I) => MaybePromise<unknown>,
): Promise<void> {
  await doing
  for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
}
