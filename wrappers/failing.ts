import { type Decisions, derive, forward, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { type Id, type MaybePromise, type Method, methods, type Store, type Transaction } from '../lib/store.js'
import { settle, when } from '../lib/when.js'

/** A call to the store, or to a transaction on it. */
export interface Call {
  /** The first call is number 1. */
  readonly number: number
  readonly method: Exclude<Method, 'setSchema'> | 'prepare' | 'commit' | 'abort'
  /** The number of the call that began the transaction in which it is; `undefined` outside. */
  readonly transaction: number | undefined
}

/**
 * What becomes of a call. Nothing: it is made. `'before'` or an error: it fails, without having been made. `'after'`:
 * it is made, and then fails, so that the caller does not know its outcome.
 */
export type Fate = 'before' | 'after' | Error | undefined

export interface FailingOptions {
  /** Decides about each call. */
  readonly when: (call: Call) => Fate
}

/**
 * A store of which chosen calls fail, to find out what an application or a wrapper makes of it: with an `UnknownError`,
 * or after a write, a `prepare` or a `commit` with an `OutcomeUnknownError`. A query that fails afterwards has given
 * all its results, a transaction that did not seem to begin has been aborted. A `commit` that fails before leaves the
 * transaction open. Calls that do not fail cost nothing but the question.
 */
export function failing<S extends Store>(inner: S, options: FailingOptions): Wrapped<S>
export function failing<T extends object, K extends Id>(
  inner: Store<T, K>,
  { when: fateOf }: FailingOptions,
): Store<T, K> {
  if (typeof fateOf !== 'function') throw new TypeError('failing needs a function, when: (call) => what becomes of it')
  let calls = 0
  let failed = 0

  /** Makes the call, or lets it fail, as its fate says. */
  function attempt(call: Omit<Call, 'number'>, make: (number: number) => unknown): unknown {
    const number = ++calls
    const fate = fateOf({ number, ...call })
    if (fate === undefined) return make(number)
    failed++
    if (fate === 'before') throw new StoreError('UnknownError', `call ${number}, ${call.method}, failed`, call)
    if (fate !== 'after') throw fate
    const name = changing.has(call.method) ? 'OutcomeUnknownError' : 'UnknownError'
    const message = `call ${number}, ${call.method}, failed after it was made`
    return spoiled(call.method, make(number), new StoreError(name, message, call))
  }

  /** The methods of the store, or of a transaction on it. */
  function fated<O extends Store<T, K> | Transaction<T, K>>(target: O, transaction?: number): Decisions<O> {
    const own = target as unknown as Record<string, (...args: unknown[]) => unknown>
    const decisions = allMethods.map(method => {
      const make = (args: unknown[]) => (number: number) => {
        const result = own[method]?.(...args)
        return method === 'transaction'
          ? when(result as Begun<T, K>, tx => derive<T, K>(tx, fated(tx, number)))
          : result
      }
      return [method, (...args: unknown[]) => attempt({ method, transaction }, make(args))]
    })
    return { ...Object.fromEntries(decisions), setSchema: forward }
  }

  return introduce(derive<T, K>(inner, fated(inner)), {
    name: 'failing',
    inner: [inner],
    numbers: () => ({ calls, failed }),
  })
}

type Begun<T extends object, K extends Id> = MaybePromise<Transaction<T, K>>

const allMethods = [...methods.filter(method => method !== 'setSchema'), 'prepare', 'commit', 'abort'] as const
/** After these, who does not know the outcome does not know what is stored. */
const changing = new Set<Call['method']>(['put', 'add', 'delete', 'prepare', 'commit'])

/** What the caller gets of a call that was made, and fails. */
function spoiled(method: Call['method'], result: unknown, error: Error): unknown {
  function fail(): never {
    throw error
  }
  if (method === 'query' || method === 'subscribe') return endingWith(result as Iterable<unknown>, error)
  return settle(
    () => result,
    value => (method === 'transaction' ? when((value as Transaction).abort(), fail) : fail()),
    cause => {
      throw cause
    },
  )
}

/** The items, and then the error. */
function endingWith(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  error: Error,
): Iterable<unknown> | AsyncIterable<unknown> {
  if (Symbol.asyncIterator in items) {
    return {
      async *[Symbol.asyncIterator]() {
        yield* items
        throw error
      },
    }
  }
  return {
    *[Symbol.iterator]() {
      yield* items
      throw error
    },
  }
}
