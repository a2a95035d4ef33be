import { toExpression } from '../../lib/query/operators.js'
import { print } from '../../lib/query/print.js'
import type { CountOptions, MaybePromise, Options, Query, QueryOptions, Store } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import type { Entries } from './entries.js'

export interface AskingParts<T extends object> {
  readonly inner: Store<T>
  readonly entries: Entries<T>
  readonly count: Record<'hits' | 'misses' | 'loads', number>
  /** How many objects a result may have. */
  readonly max: number
  readonly ttl: number
  readonly now: () => number
  /** Of which state of the store a result is that begins to be read now; `undefined` while something is being written. */
  state(): number | undefined
}

interface Results {
  readonly state: number
  readonly results: unknown
}

/** Keeps the result of a question, which counts for so many objects, unless something was written since it was asked. */
type Keep = (results: unknown, weight: number) => void

/** `query` and `count` whose results are kept until the next write. A query that is left early keeps nothing. */
export function asking<T extends object>({ inner, entries, count, max, ttl, now, state }: AskingParts<T>) {
  const ask = inner.query?.bind(inner) as NonNullable<typeof inner.query>
  const askCount = inner.count?.bind(inner) as NonNullable<typeof inner.count>

  function lookUp(key: string): Results | undefined {
    const entry = entries.get(key)
    if (entry?.kind === 'results') {
      const kept = entry.value as Results
      const age = now() - entry.read
      if (kept.state === state() && age >= 0 && age < ttl) {
        count.hits++
        return kept
      }
      entries.delete(key)
    }
    count.misses++
    count.loads++
    return undefined
  }

  function asked(key: string): Keep {
    const [read, before] = [now(), state()]
    return (results, weight) => {
      if (before === undefined || before !== state()) return
      void entries.keep(key, { kind: 'results', value: { state: before, results }, read, weight })
    }
  }

  function collector(keep: Keep) {
    let results: T[] | undefined = []
    return {
      take(each: T) {
        results?.push(copy(each))
        if (results && results.length > max) results = undefined
      },
      end: () => results && keep(results, Math.max(1, results.length)),
    }
  }

  function* atOnce(found: Iterable<T>, key: string, keep: Keep, options: Options): Generator<T> {
    options.signal?.throwIfAborted()
    const kept = lookUp(key)
    if (kept) return yield* copies(kept.results as T[], options)
    const { take, end } = collector(keep)
    for (const each of found) {
      take(each)
      yield each
    }
    end()
  }

  async function* later(found: AsyncIterable<T>, key: string, keep: Keep, options: Options): AsyncGenerator<T> {
    options.signal?.throwIfAborted()
    const kept = lookUp(key)
    if (kept) return yield* copies(kept.results as T[], options)
    const { take, end } = collector(keep)
    for await (const each of found) {
      take(each)
      yield each
    }
    end()
  }

  return {
    query(query?: Query, options: QueryOptions = {}): Iterable<T> | AsyncIterable<T> {
      const key = keyOf('query', query, options)
      if (key === undefined) return ask(query, options)
      // what the inner store gives may be of the state of now, whenever it is read
      const keep = asked(key)
      const found = ask(query, options)
      if (Symbol.asyncIterator in found) return { [Symbol.asyncIterator]: () => later(found, key, keep, options) }
      return { [Symbol.iterator]: () => atOnce(found, key, keep, options) }
    },
    count(query?: Query, options: CountOptions = {}): MaybePromise<number> {
      options.signal?.throwIfAborted()
      const key = keyOf('count', query, options)
      if (key === undefined) return askCount(query, options)
      const kept = lookUp(key)
      if (kept) return kept.results as number
      const keep = asked(key)
      return when(askCount(query, options), counted => {
        keep(counted, 1)
        return counted
      })
    },
  }
}

function* copies<T>(results: readonly T[], { signal }: Options): Generator<T, undefined> {
  for (const each of results) {
    signal?.throwIfAborted()
    yield copy(each)
  }
}

/** What tells one question from another, and never is an id. `undefined` where that cannot be written down. */
function keyOf(method: string, query: Query | undefined, options: QueryOptions): string | undefined {
  const { signal: _, start, end, parameters, ...others } = options
  if (Object.values(others).some(value => value !== undefined)) return undefined
  try {
    return `\u0000${method} ${start ?? ''} ${end ?? ''} ${print(toExpression(query, { parameters }))}`
  } catch {
    // the inner store says what is wrong with it, if anything
    return undefined
  }
}
