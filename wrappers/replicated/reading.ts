import type { Id, MaybePromise, Store } from '../../lib/store.js'

/** Where reads outside a transaction go. */
export type ReadFrom = 'primary' | 'nearest' | 'any'

/** How much the last answer counts in the time that a store takes. */
const weight = 0.2

interface Source<T extends object, K extends Id> {
  readonly store: Store<T, K>
  /** How long it takes, in milliseconds, lately. Fades, so that who was slow is asked again some day. */
  time: number
}

/** Reads from one of several stores; where it fails, from another. */
export function reading<T extends object, K extends Id>(
  stores: readonly Store<T, K>[],
  { read, random }: { readonly read: ReadFrom; readonly random: () => number },
): Required<Pick<Store<T, K>, 'get' | 'query' | 'count'>> {
  const sources: Source<T, K>[] = stores.map(store => ({ store, time: 0 }))

  function inTurn(): Source<T, K>[] {
    if (read === 'nearest') return [...sources].sort((a, b) => a.time - b.time)
    const first = Math.floor(random() * sources.length)
    return [...sources.slice(first), ...sources.slice(0, first)]
  }

  /** Does the work on one after the other, until it succeeds; if it never does, the first error stands. */
  async function first<R>(work: (store: Store<T, K>) => MaybePromise<R>, signal: AbortSignal | undefined): Promise<R> {
    const errors: unknown[] = []
    for (const source of inTurn()) {
      const begun = performance.now()
      try {
        const result = await work(source.store)
        note(source, performance.now() - begun)
        return result
      } catch (error) {
        signal?.throwIfAborted()
        note(source, 1000)
        errors.push(error)
      }
    }
    throw errors[0]
  }

  function note(asked: Source<T, K>, time: number): void {
    for (const source of sources) source.time *= 0.99
    asked.time += weight * (time - asked.time)
  }

  return {
    get: (id, options) => first(store => store.get?.(id, options), options?.signal),
    count: (query, options) => first(store => store.count?.(query, options) as MaybePromise<number>, options?.signal),
    query: (query, options) => ({
      async *[Symbol.asyncIterator]() {
        const { results, next } = await first(async store => {
          const results = iterate(store.query?.(query, options) ?? [])
          return { results, next: await results.next() }
        }, options?.signal)
        // what has begun to come from one store goes on from there: two would not show one state
        if (next.done) return
        yield next.value
        yield* { [Symbol.asyncIterator]: () => results }
      },
    }),
  }
}

async function* iterate<T>(found: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, undefined> {
  yield* found
}
