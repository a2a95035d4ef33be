import { StoreError } from '../../lib/errors.js'

export interface LostOptions {
  /** May it have reached the server? */
  readonly sent: boolean
  /** Is it of use to send it once more? */
  readonly again?: boolean | undefined
  /** When, in milliseconds from now, if the server has said. */
  readonly after?: number | undefined
  readonly cause?: unknown
  /** What a store has said of it. */
  readonly told?: StoreError | undefined
}

/** There is no complete and valid answer. What that means for the caller depends on what was asked. */
export class Lost extends Error {
  readonly sent: boolean
  readonly again: boolean
  readonly after: number | undefined
  readonly told: StoreError | undefined

  constructor(message: string, { sent, again = false, after, cause, told }: LostOptions) {
    super(message, { cause })
    this.sent = sent
    this.again = again
    this.after = after
    this.told = told
  }
}

/** The answer is none that a store gives. */
export function invalid(message: string, cause?: unknown): Lost {
  return new Lost(message, { sent: true, cause })
}

/** What the caller is told: of a write that may have reached the server nobody knows what has come of it. */
export function failure(
  { message, cause, told }: Lost,
  what: string,
  { changes, sent }: { readonly changes: boolean; readonly sent: boolean },
): StoreError {
  if (sent && changes)
    return new StoreError('OutcomeUnknownError', `${what} may have been done, or not: ${message}`, { cause })
  if (told) return told
  if (sent) return new StoreError('UnknownError', `${what} failed: ${message}`, { cause })
  return new StoreError('NetworkError', `${what} was not done: ${message}`, { cause })
}

/** Was the server never reached? Where nothing tells, as in browsers, it counts as reached. */
export function isUnreached(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { cause, code, syscall, errors } = error as Partial<Record<'cause' | 'code' | 'syscall' | 'errors', unknown>>
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isUnreached)
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  return code === 'UND_ERR_CONNECT_TIMEOUT' || isUnreached(cause)
}
