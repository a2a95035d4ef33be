/** One error class, one table of names and HTTP statuses. Names are those of DOMException where W3C has one. */

const statuses = {
  DataError: 400,
  NotAllowedError: 403,
  NotFoundError: 404,
  NotSupportedError: 405,
  ConstraintError: 409,
  TransactionInactiveError: 409,
  PreconditionFailedError: 412,
  DataCloneError: 422,
  ValidationError: 422,
  CorruptError: 500,
  PartialWriteError: 500,
  UnknownError: 500,
  NetworkError: 502,
  InvalidStateError: 503,
  OutcomeUnknownError: 503,
  TimeoutError: 503,
  QuotaExceededError: 507,
} as const

export type ErrorName = keyof typeof statuses

/** One violation of a schema. */
export interface Issue {
  /** The names on the way to the value; empty for the object itself. */
  readonly path: readonly (string | number)[]
  /** The keyword of the schema that was not kept. */
  readonly keyword: string
  /** What was expected and what was found, in words. */
  readonly message: string
  /** What was expected, if that is said in a few words. */
  readonly expected?: string | undefined
  /** What was found: a short value as it is, any other by its type; never that of a property which cannot be seen. */
  readonly found?: string | undefined
}

export interface ErrorDetails {
  /** The method that was called. */
  readonly method?: string | undefined
  /** The id of the object concerned. */
  readonly id?: string | number | undefined
  readonly issues?: readonly Issue[] | undefined
  /** Of a `PartialWriteError`: the positions of the parts that have done the write, and of those that have not. */
  readonly done?: readonly number[] | undefined
  readonly notDone?: readonly number[] | undefined
  /** Of a `QuotaExceededError` that passes by itself, as a rate does: in how many milliseconds. Its status is 429. */
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/** The problem details of an error (RFC 9457), as JSON. */
export interface Problem {
  readonly type: string
  readonly title: ErrorName
  readonly status: number
  readonly detail: string
  readonly method?: string
  readonly id?: string | number
  readonly issues?: readonly Issue[]
  readonly done?: readonly number[]
  readonly notDone?: readonly number[]
  readonly retryAfter?: number
}

/** What went wrong, to which object. Its `name` says the kind and is stable; `status` is the HTTP status of that kind. */
export class StoreError extends Error {
  override readonly name: ErrorName
  readonly status: number
  readonly method?: string
  readonly id?: string | number
  readonly issues?: readonly Issue[]
  readonly done?: readonly number[]
  readonly notDone?: readonly number[]
  readonly retryAfter?: number

  constructor(name: ErrorName, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = name
    const passes = name === 'QuotaExceededError' && details.retryAfter !== undefined
    this.status = passes ? 429 : statuses[name]
    if (details.method !== undefined) this.method = details.method
    if (details.id !== undefined) this.id = details.id
    if (details.issues !== undefined) this.issues = details.issues
    if (details.done !== undefined) this.done = details.done
    if (details.notDone !== undefined) this.notDone = details.notDone
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter
  }

  /** Problem details (RFC 9457). Holds neither stack nor cause. */
  toJSON(): Problem {
    const { name, status, message, method, id, issues, done, notDone, retryAfter } = this
    return {
      type: `about:blank#${name}`,
      title: name,
      status,
      detail: message,
      ...(method !== undefined && { method }),
      ...(id !== undefined && { id }),
      ...(issues !== undefined && { issues }),
      ...(done !== undefined && { done }),
      ...(notDone !== undefined && { notDone }),
      ...(retryAfter !== undefined && { retryAfter }),
    }
  }
}

/** Is this one of our errors (of this name)? Goes by the name, so it works across copies of the package and over HTTP. */
export function isStoreError(error: unknown, name?: ErrorName): error is StoreError {
  if (!(error instanceof Error) || !Object.hasOwn(statuses, error.name)) return false
  return typeof (error as StoreError).status === 'number' && (name === undefined || error.name === name)
}

/** How many issues the message of the error tells of. */
const shownInMessage = 5

/** All issues of one object as one error. */
export function validationError(
  issues: readonly Issue[],
  about: string,
  method: string,
  id?: string | number,
): StoreError {
  const shown = issues
    .slice(0, shownInMessage)
    .map(({ path, message }) => `${path.length > 0 ? path.join('.') : 'the object'} ${message}`)
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : ''
  const which = id === undefined ? about : `${about} ${id}`
  return new StoreError('ValidationError', `${which}: ${shown.join('; ')}${more}`, { method, id, issues })
}
