import type { Random } from '../oracle/random.js'

/** Lets others go on for a random while: not at all, some microtasks, or a turn of the event loop. Costs no time. */
export async function pause(chance: Random): Promise<void> {
  const kind = chance.below(10)
  if (kind === 0) await new Promise(setImmediate)
  else if (kind < 6) for (let left = chance.below(6); left > 0; left--) await undefined
}

/** All that a query gives, while others go on between one object and the next. */
export async function drain<T>(items: Iterable<T> | AsyncIterable<T>, chance: Random): Promise<T[]> {
  const drained: T[] = []
  for await (const each of items) {
    drained.push(each)
    await pause(chance)
  }
  return drained
}
