/** A request, of which no more is made than is asked for. By functions: an object with accessors of its own takes ten times as long. */
import { HttpError } from '../http-error.js'
import type { Limits } from '../limits.js'
import type { Call } from './call.js'
import { nowhere } from './route.js'

export interface Requested {
  readonly method: string
  /** The path and the query, as they came. */
  readonly target: string
  header(name: string): string | null
  /** Ends when the client has gone. */
  signal(): AbortSignal | undefined
  /** The whole of it, for whoever decides by it, or reads its body. */
  request(): Request
}

export function fromRequest(request: Request): Requested {
  const { method, url } = request
  const hash = url.indexOf('#')
  return {
    method,
    target: url.slice(url.indexOf('/', url.indexOf('://') + 3), hash < 0 ? url.length : hash),
    header: name => request.headers.get(name),
    signal: () => request.signal,
    request: () => request,
  }
}

/** What is asked for, from the place where the handler is mounted. */
export function callOf(requested: Requested, base: string, limits: Limits, failed: Call['failed']): Call {
  const { method, target } = requested
  if (target.length > limits.url) throw new HttpError(414, `the URL may have ${limits.url} bytes`)
  const mark = target.indexOf('?')
  const whole = mark < 0 ? target : target.slice(0, mark)
  if (base !== '' && whole !== base && !whole.startsWith(`${base}/`)) throw nowhere()
  return {
    method,
    path: whole.slice(base.length) || '/',
    query: mark < 0 ? '' : target.slice(mark + 1),
    header: requested.header,
    signal: requested.signal,
    source: requested,
    limits,
    failed,
  }
}
