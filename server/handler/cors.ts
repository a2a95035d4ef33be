/** Requests of pages from elsewhere (Fetch Standard, CORS protocol): nobody's, unless somebody is named. */
import { type Answer, empty, vary } from '../answer.js'
import type { Requested } from './requested.js'

export interface Cors {
  /** The origins that may ask, such as `https://example.org`; `'*'` for all; or a function that says so of each. */
  readonly origins: '*' | readonly string[] | ((origin: string) => boolean)
  /** May they send cookies? Not together with `'*'`. */
  readonly credentials?: boolean
  /** How many seconds a browser may remember what is allowed. */
  readonly maxAge?: number
}

const exposed =
  'Content-Range, X-Total-Count, ETag, Link, Location, Accept-Patch, Accept-Ranges, Retry-After, Idempotency-Key, Idempotency-Replayed, Preference-Applied'
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

/** A `TypeError` for what a browser would not take. */
export function checkCors(cors: Cors | undefined): void {
  if (cors?.origins === '*' && cors.credentials) throw new TypeError("cors: credentials need origins by name, not '*'")
}

function allows({ origins }: Cors, origin: string): boolean {
  if (typeof origins === 'function') return origins(origin)
  return origins === '*' || origins.includes(origin)
}

/** Gives what adds to an answer what the browser wants to know. */
export function sharing(cors: Cors, origin: string | null): (headers: Record<string, string>) => void {
  const allowed = origin !== null && allows(cors, origin)
  return headers => {
    if (cors.origins !== '*') vary(headers, 'Origin')
    if (!allowed) return
    headers['access-control-allow-origin'] = cors.origins === '*' ? '*' : origin
    headers['access-control-expose-headers'] = exposed
    if (cors.credentials) headers['access-control-allow-credentials'] = 'true'
  }
}

/** Does a page from elsewhere ask that may not? Some requests that write are sent by browsers without a question before. */
export function isFromElsewhere({ header, request }: Requested, cors: Cors | undefined): boolean {
  const origin = header('origin')
  const site = header('sec-fetch-site')
  if (origin === null ? site === null : cors && allows(cors, origin)) return false
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  return origin !== null && hostOf(origin) !== hostOf(request().url)
}

function hostOf(url: string): string | undefined {
  return /^[a-z]+:\/\/([^/]*)/i.exec(url)?.[1]?.toLowerCase()
}

/** The answer to the question before the request, where it is one that is allowed. */
export function preflight(cors: Cors | undefined, header: (name: string) => string | null): Answer | undefined {
  const origin = header('origin')
  if (!cors || origin === null || header('access-control-request-method') === null) return undefined
  if (!allows(cors, origin)) return undefined
  const asked = header('access-control-request-headers')
  return empty(204, {
    'access-control-allow-methods': methods,
    ...(asked !== null && { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(cors.maxAge ?? 600),
    vary: 'Access-Control-Request-Headers',
  })
}
