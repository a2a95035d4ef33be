import { v7 } from 'uuid'
import type { Options } from '../../lib/store.js'
import { type Allowance, allowance } from './allowance.js'
import { type Answer, complete } from './answer.js'
import type { Received, Settings } from './options.js'
import { refusalOf } from './problem.js'
import { counting, type Numbers, repeating } from './repeating.js'
import type { Outgoing } from './sending.js'

/** The way to the server. */
export interface Transport {
  /** What `take` makes of the complete answer, which may be a refusal. */
  exchange<R>(request: Outgoing, options: Options, take: (answer: Answer) => R): Promise<R>
  /** An answer that has begun. */
  open(request: Outgoing, options: Options): Promise<Opened>
  readonly numbers: Numbers
  /** Ends all that is being read, for this reason. */
  close(reason: unknown): void
}

/** Something that is read as it comes. Who opens it ends it. */
export interface Opened {
  readonly received: Received
  readonly own: Allowance
  end(): void
}

export function transport(settings: Settings): Transport {
  const { timeout, max, schedule } = settings
  const reading = new Set<Allowance>()
  const numbers = { requests: 0, repeated: 0, lost: 0 }

  function begin({ changes }: Outgoing, { signal }: Options) {
    const own = allowance({ signal, timeout, schedule })
    if (!changes) reading.add(own)
    const end = () => {
      own.end()
      reading.delete(own)
    }
    return { end, attempts: { own, signal, settings, numbers } }
  }

  return {
    numbers,
    async exchange(request, options, take) {
      const { end, attempts } = begin(request, options)
      // by its key the server knows a request again
      const keyed = request.changes ? { 'idempotency-key': v7() } : {}
      const known = { ...request, headers: { ...request.headers, ...keyed } }
      try {
        return await repeating(known, attempts, async (received, doubt) =>
          take(counting(await complete(received, attempts.own, max), request, doubt)),
        )
      } finally {
        end()
      }
    },
    async open(request, options) {
      const { end, attempts } = begin(request, options)
      const { own } = attempts
      try {
        const received = await repeating(request, attempts, async received => {
          if (received.status < 400) return received
          throw refusalOf(counting(await complete(received, own, max), request, false))
        })
        own.rest()
        return { received, own, end }
      } catch (error) {
        end()
        throw error
      }
    },
    close(reason) {
      for (const each of reading) each.abort(reason)
    },
  }
}
