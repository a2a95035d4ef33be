/** What can be said of how facets are served. */
import type { MaybePromise, Store } from '../../lib/store.js'
import type { Limits } from '../limits.js'
import type { Cors } from './cors.js'

/** What is known of a request besides itself. */
export interface Info {
  /** The address of the client. */
  readonly address?: string | undefined
}

/**
 * Facets by the names under which they are served, always the same, or for each request those of who asks; what is `undefined` for
 * him is not there.
 */
export type Facets =
  | { readonly [name: string]: object }
  | ((request: Request, info: Info) => MaybePromise<{ readonly [name: string]: object | undefined }>)

export interface HandlerOptions {
  /** Serves models, too, with all that they can. */
  readonly trusted?: boolean
  /**
   * May the request be answered at all? Asked first of each. `false` is a 401, or a 403 where it says who it is from; a
   * `Response` is the answer.
   */
  readonly authorize?: ((request: Request, info: Info) => MaybePromise<boolean | Response>) | undefined
  /** The path where it is mounted, such as `/api`, if the requests still have that. */
  readonly base?: string
  /** Which pages from elsewhere may ask: none by default. */
  readonly cors?: Cors | undefined
  /**
   * Where it is kept which requests with an `Idempotency-Key` have been answered, in the same transaction as what they did if
   * both have transactions that can commit together. In memory by default, the newest 10,000 with 64 MiB of answers. Wrap it
   * in `expires` to forget.
   */
  readonly idempotency?: Store | undefined
  readonly limits?: Partial<Limits>
  /** A PUT of an object without its id changes what is there, as react-admin's `updateMany` wants it. */
  readonly partialPut?: boolean
  /** Milliseconds between the signs of life in an event stream: 15 seconds by default. */
  readonly heartbeat?: number
  /** The name of the whole, on the index page and in OpenAPI. */
  readonly title?: string
  /** Is told of what failed here and is nobody's mistake; the client is not. */
  readonly onError?: ((error: unknown, request: Request) => void) | undefined
}
