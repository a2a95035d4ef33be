import { type ErrorDetails, type ErrorName, isStoreError, StoreError } from '../../lib/errors.js'
import { isPromise } from '../../lib/when.js'

/**
 * What a datastore refuses or cannot do. `code` is `'CONFLICT'` where a document is not at the revision that was given,
 * `'ASSERTION'` where a document, a key or an option is not what it must be; else the code of the system, such as
 * `'ENOSPC'`, or the name of the error.
 */
export class DatastoreError extends StoreError {
  readonly code: 'CONFLICT' | 'ASSERTION' | (string & {})

  constructor(name: ErrorName, message: string, { code, ...details }: ErrorDetails & { readonly code: string }) {
    super(name, message, details)
    this.code = code
  }
}

/** A document, a key or an option that is not what it must be. */
export function assertion(message: string, details: ErrorDetails = {}): DatastoreError {
  return new DatastoreError('DataError', message, { ...details, code: 'ASSERTION' })
}

/** A document that is not at the revision that was given. */
export function conflict(message: string, details: ErrorDetails = {}): DatastoreError {
  return new DatastoreError('PreconditionFailedError', message, { ...details, code: 'CONFLICT' })
}

export function isConflict(error: unknown): boolean {
  return error instanceof DatastoreError && error.code === 'CONFLICT'
}

/** Does work on the stores; what goes wrong has a code. */
export async function coded<R>(work: () => R | Promise<R>): Promise<R> {
  try {
    const result = work()
    return isPromise(result) ? await result : result
  } catch (error) {
    throw withCode(error)
  }
}

export function withCode(error: unknown): unknown {
  if (error instanceof DatastoreError) return error
  if (error instanceof TypeError) return assertion(error.message, { cause: error })
  if (!isStoreError(error)) return error
  return new DatastoreError(error.name, error.message, { ...error, cause: error.cause, code: codeOf(error) })
}

const codes: Partial<Record<ErrorName, string>> = {
  PreconditionFailedError: 'CONFLICT',
  ConstraintError: 'CONFLICT',
  DataError: 'ASSERTION',
  DataCloneError: 'ASSERTION',
  NotFoundError: 'ASSERTION',
}

function codeOf(error: StoreError): string {
  return systemCode(error.cause) ?? codes[error.name] ?? error.name
}

function systemCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const { code } = cause as NodeJS.ErrnoException
  return typeof code === 'string' ? code : systemCode(cause.cause)
}
