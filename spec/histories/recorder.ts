/** What clients asked of a store, when, and what came of it. */
import { isStoreError } from '../../lib/errors.js'
import type { MaybePromise } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'

/**
 * `ok`: it took effect. `failed`: it certainly did not, and never will. `unknown`: it may have, or still may; what has not
 * returned is unknown too.
 */
export type Outcome = 'ok' | 'failed' | 'unknown'

export interface Recorded<Q> {
  readonly request: Q
  readonly called: number
  readonly returned: number
  readonly outcome: Outcome
  /** What was given. */
  readonly result?: unknown
  /** The name of the error. */
  readonly error?: string
}

export interface Recorder<Q> {
  /** All calls until now, in the order in which they were made. */
  readonly calls: readonly Recorded<Q>[]
  /** Makes a call. An error that is none of a store's, and not in `expected`, is thrown on: it is a mistake of the test. */
  record<R>(request: Q, work: () => MaybePromise<R>, expected?: Error): Promise<R | undefined>
}

type Writable<O> = { -readonly [P in keyof O]: O[P] }

/** Records calls by a clock that only counts: of two calls in one process it is known which came first. */
export function recorder<Q>(): Recorder<Q> {
  const calls: Writable<Recorded<Q>>[] = []
  let time = 0

  return {
    calls,
    async record(request, work, expected) {
      const call: Writable<Recorded<Q>> = { request, called: time++, returned: Infinity, outcome: 'unknown' }
      calls.push(call)
      try {
        const given = work()
        const result = isPromise(given) ? await given : given
        call.outcome = 'ok'
        call.result = result
        return result
      } catch (error) {
        if (error !== expected && !isStoreError(error)) throw error
        call.error = (error as Error).name
        if (call.error !== 'OutcomeUnknownError') call.outcome = 'failed'
        return undefined
      } finally {
        const at = time++
        if (call.outcome !== 'unknown') call.returned = at
      }
    },
  }
}
