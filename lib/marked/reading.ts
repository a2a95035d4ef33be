import { StoreError } from '../errors.js'
import type { Plan } from '../query/plan.js'
import { counted, run } from '../query/run.js'
import type { CountOptions, Id, MaybePromise, Options, Query, QueryOptions } from '../store.js'
import { when } from '../when.js'
import { type Marked, type Meaning, seenOf } from './meaning.js'
import { question } from './question.js'

type Found<T> = Iterable<T> | AsyncIterable<T>

/** The store, or a transaction, as it is read by who sees some of it. */
export function reading<T extends object, K extends Id>(target: Marked<T, K>, meaning: Meaning<T, K>) {
  const { mark, sees, condition, fades = false } = meaning

  function ask(...args: [Query, Options]): Found<T> {
    if (target.query) return target.query(...args)
    throw new StoreError('NotSupportedError', 'this can only be counted in a store with query')
  }

  function* objects(found: Iterable<T>): Generator<T> {
    for (const stored of found) if (sees(mark.of(stored))) yield mark.seen(stored)
  }

  function* atOnce(found: Iterable<T>, rest: Plan, { signal }: Options): Generator<T> {
    for (const each of run(objects(found), rest)) {
      signal?.throwIfAborted()
      yield each as T
    }
  }

  async function* later(found: AsyncIterable<T>, rest: Plan, options: Options): AsyncGenerator<T> {
    if (!isNothing(rest)) return yield* atOnce(await all(found), rest, options)
    for await (const stored of found) if (sees(mark.of(stored))) yield mark.seen(stored)
  }

  return {
    get: (id: K, options?: Options): MaybePromise<T | undefined> =>
      when((target.get as NonNullable<typeof target.get>)(id, options), stored => seenOf(stored, meaning)),

    query(query?: Query, options: QueryOptions = {}): Found<T> {
      const { asked, rest, projected } = question(mark, query, options)
      const askNow = () => ask(asked(condition()), others(options))
      const first = askNow()
      const found = fades ? askNow : () => first
      if (Symbol.asyncIterator in first) {
        const started = found as () => AsyncIterable<T>
        if (projected) return { [Symbol.asyncIterator]: () => started()[Symbol.asyncIterator]() }
        return { [Symbol.asyncIterator]: () => later(started(), rest, options) }
      }
      const started = found as () => Iterable<T>
      if (projected) return { [Symbol.iterator]: () => started()[Symbol.iterator]() }
      return { [Symbol.iterator]: () => atOnce(started(), rest, options) }
    },

    count(query?: Query, options: CountOptions = {}): MaybePromise<number> {
      const { asked, rest } = question(mark, query, options)
      const { count } = target
      const expression = asked(condition())
      if (isNothing(rest)) return (count as NonNullable<typeof count>).call(target, expression, others(options))
      const found = ask(expression, others(options))
      if (Symbol.asyncIterator in found) return all(found).then(stored => counted(objects(stored), rest))
      return counted(objects(found), rest)
    },
  }
}

/** The options that do not belong to the query. */
export function others<O extends QueryOptions>({ parameters: _, start: __, end: ___, ...options }: O) {
  return options
}

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const each of found) collected.push(each)
  return collected
}

const isNothing = ({ condition, stages }: Plan) => condition === undefined && stages.length === 0
