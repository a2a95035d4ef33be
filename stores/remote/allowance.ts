import { StoreError } from '../../lib/errors.js'
import type { Schedule } from './options.js'

/** The time that a call has, and all else that can end it early. */
export interface Allowance {
  readonly signal: AbortSignal
  /** What comes, unless the call has to end before. */
  wait<R>(coming: Promise<R>): Promise<R>
  /** The time begins again. */
  renew(): void
  /** The time stands still: it is not the server that is waited for. */
  rest(): void
  /** Ends the call with an error. */
  abort(reason: unknown): void
  /** Nothing more is to come. */
  end(): void
}

export interface AllowanceOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeout: number
  readonly schedule: Schedule
}

export function allowance({ signal, timeout, schedule }: AllowanceOptions): Allowance {
  const controller = new AbortController()
  const own = controller.signal
  /** Those who wait: to tell them is cheaper than that each listens to the signal. */
  const waiting = new Set<(reason: unknown) => void>()

  function abort(reason: unknown): void {
    controller.abort(reason)
    for (const reject of waiting) reject(own.reason)
  }

  const onAbort = () => abort(signal?.reason)
  const late = () => abort(new StoreError('TimeoutError', `the server did not answer within ${timeout} ms`))
  let cancel = schedule(late, timeout)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })

  return {
    signal: own,
    // who sends the request may not listen to signals
    wait: coming =>
      new Promise((resolve, reject) => {
        if (own.aborted) reject(own.reason)
        waiting.add(reject)
        const settled = () => waiting.delete(reject)
        coming.then(
          value => settled() && resolve(value),
          error => settled() && reject(error),
        )
      }),
    renew() {
      cancel()
      cancel = schedule(late, timeout)
    },
    rest: () => cancel(),
    abort,
    end() {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
