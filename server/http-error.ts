/** Errors that only a server has, and what is said of any error to a client. */
import { isStoreError, StoreError } from '../lib/errors.js'
import { isMistake } from '../models/facet/refusal.js'
import type { Answer } from './answer.js'

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  503: 'Service Unavailable',
} as const

/** Those for which stores have a name as well. */
const named: { readonly [status: number]: string } = {
  403: 'NotAllowedError',
  404: 'NotFoundError',
  405: 'NotSupportedError',
}

export type HttpStatus = keyof typeof reasons

/** An error of the request, not of a store. Its message is for the client. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: HttpStatus
  readonly headers: Record<string, string>

  constructor(status: HttpStatus, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }

  toJSON(): Problem {
    const title = named[this.status] ?? reasons[this.status]
    return { type: `about:blank#${title.replaceAll(' ', '')}`, title, status: this.status, detail: this.message }
  }
}

/** What is said of an error (RFC 9457). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly [more: string]: unknown
}

/** An error together with more to say about it, as the position in a batch. */
export class Located extends Error {
  readonly more: object

  constructor(cause: unknown, more: object) {
    super('', { cause })
    this.more = more
  }
}

/** Is it nobody's mistake, so that the owner should hear of it? */
export function isOurs(error: unknown): boolean {
  const { status } = problemOf(error)
  return status === 500
}

/** The problem details of any error: those of a store as they are, of the request, or nothing that tells of the inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Located) return { ...problemOf(error.cause), ...error.more }
  if (error instanceof HttpError) return error.toJSON()
  if (isStoreError(error)) return StoreError.prototype.toJSON.call(error) as unknown as Problem
  // what exactly stays with the owner
  if (isMistake(error)) return new StoreError('DataError', 'what was given cannot be taken').toJSON() as never
  if (error instanceof DOMException && error.name === 'AbortError') return new HttpError(503, 'it was aborted').toJSON()
  return new StoreError('UnknownError', 'it has failed').toJSON() as never
}

/** The answer that tells of an error. */
export function problemAnswer(error: unknown): Answer {
  const problem = problemOf(error)
  const own = error instanceof Located ? error.cause : error
  const wait = isStoreError(own) ? own.retryAfter : undefined
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(own instanceof HttpError && own.headers),
      ...(wait !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) }),
    },
    body: JSON.stringify(problem),
  }
}
