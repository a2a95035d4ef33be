import type { MaybePromise } from '../../lib/store.js'

/** What is sent. */
export interface Sent {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly signal: AbortSignal
  readonly redirect: 'manual'
  readonly cache?: 'no-store'
}

/** As much of a `Response` as is looked at. */
export type Received = Pick<Response, 'status' | 'body' | 'arrayBuffer'> & {
  readonly headers: Pick<Headers, 'get'>
}

export type Fetch = (url: string, sent: Sent) => Promise<Received>

/** Calls the work after so many milliseconds; gives what calls it off. */
export type Schedule = (work: () => void, milliseconds: number) => () => void

export interface RemoteOptions {
  /** What sends the requests: the global `fetch`; on Node one with a pool of `undici` is faster, and a handler needs no socket. */
  readonly fetch?: Fetch | undefined
  /** Sent with every request, such as `authorization`; or a function that is asked for them before each. */
  readonly headers?: Named | (() => MaybePromise<Named>) | undefined
  /**
   * How long a call may take in all, in milliseconds; of a query or a subscription, how long the next part of it. 30,000 by
   * default: a server that follows the protocol shows every 15,000 that it is alive.
   */
  readonly timeout?: number | undefined
  /** How often a request is sent again that can do no harm twice, when no answer came. 3 by default, 0 for never. */
  readonly retry?: number | undefined
  /** The property that holds an object's id: `id` by default. */
  readonly idProperty?: string | undefined
  /** How many bytes one object, one line or one error of the server may have. 2 ** 27 by default. */
  readonly max?: number | undefined
  /** Real time by default. */
  readonly schedule?: Schedule | undefined
  /** Chance, at least 0 and less than 1, so that not all ask again at the same moment. */
  readonly random?: (() => number) | undefined
}

type Named = Readonly<Record<string, string>>

/** The options with what stands for those that are not given. */
export interface Settings {
  readonly fetch: Fetch
  readonly headers: () => MaybePromise<Named>
  readonly timeout: number
  readonly retry: number
  readonly idProperty: string
  readonly max: number
  readonly schedule: Schedule
  readonly random: () => number
}

export function settings(options: RemoteOptions): Settings {
  const { fetch = ownFetch, headers = {}, timeout = 30_000, retry = 3, idProperty = 'id', max = 2 ** 27 } = options
  const { schedule = inTime, random = Math.random } = options
  if (!(timeout > 0)) throw new TypeError(`timeout is a number of milliseconds above 0, not ${timeout}`)
  if (!Number.isSafeInteger(retry) || retry < 0) throw new TypeError(`retry is a number of times from 0, not ${retry}`)
  if (!(max > 0)) throw new TypeError(`max is a number of bytes above 0, not ${max}`)
  const asked = typeof headers === 'function' ? headers : () => headers
  return { fetch, headers: asked, timeout: Math.min(timeout, longest), retry, idProperty, max, schedule, random }
}

/** What timers can measure. */
const longest = 2 ** 31 - 1

// looked up at each call: it is often replaced, in tests and by tools that watch requests
const ownFetch: Fetch = (url, sent) => fetch(url, sent)

const inTime: Schedule = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds)
  return () => clearTimeout(timer)
}
