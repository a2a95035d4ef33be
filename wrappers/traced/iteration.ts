import type { Observation } from './observation.js'

export interface Iterating {
  readonly observation: Observation
  /** Learns how many objects there were. */
  note(count: number): void
}

/** Observes each iteration, from its beginning until it ends or is left. */
export function iterated<T>(
  found: Iterable<T> | AsyncIterable<T>,
  observe: () => Iterating,
): Iterable<T> | AsyncIterable<T> {
  return Symbol.iterator in found
    ? { [Symbol.iterator]: () => now(found, observe()) }
    : { [Symbol.asyncIterator]: () => later(found, observe()) }
}

function* now<T>(found: Iterable<T>, iterating: Iterating): Generator<T, undefined> {
  const { give, left, end } = counting(iterating)
  try {
    const items = iterating.observation.within(() => begun(found[Symbol.iterator]()))
    for (const item of { [Symbol.iterator]: () => items }) yield give(item)
  } catch (error) {
    left(error)
    throw error
  } finally {
    end()
  }
}

async function* later<T>(found: AsyncIterable<T>, iterating: Iterating): AsyncGenerator<T, undefined> {
  const { give, left, end } = counting(iterating)
  try {
    const items = iterating.observation.within(() => begun(found[Symbol.asyncIterator]()))
    iterating.observation.later()
    for await (const item of { [Symbol.asyncIterator]: () => items }) yield give(item)
  } catch (error) {
    left(error)
    throw error
  } finally {
    end()
  }
}

/** The iterator, asked for its first item now: the work for the answer is mostly done there. */
function begun<R>(items: { next(): R; return?(): R }): { next(): R; return(): R } {
  let first: { result: R } | undefined = { result: items.next() }
  return {
    next() {
      const { result } = first ?? { result: items.next() }
      first = undefined
      return result
    },
    return: () => items.return?.() ?? ({ done: true, value: undefined } as R),
  }
}

function counting({ observation, note }: Iterating) {
  let count = 0
  let failure: { error: unknown } | undefined
  return {
    give<T>(item: T): T {
      count++
      return item
    },
    left(error: unknown) {
      failure = { error }
    },
    end() {
      note(count)
      if (failure) observation.failed(failure.error)
      else observation.done()
    },
  }
}
