/** Errors as a holder may see them: new ones, with words of ours; what is behind them is for the owner. */
import { type ErrorDetails, type ErrorName, type Issue, isStoreError, StoreError } from '../../lib/errors.js'
import { isIntact, tampered } from './realm.js'
import { secret } from './secret.js'

/** Why something was refused or has failed: for the owner. */
export interface Refusal {
  readonly method: string
  /** The rule, in words; or what went wrong. */
  readonly reason: string
  readonly cause?: unknown
}

/** A refusal by the rules of a facet. What it says is no secret; the reason is for the owner. */
export function refuse(name: ErrorName, message: string, reason = message, details: ErrorDetails = {}): never {
  throw reasons.keep(new StoreError(name, message, details), reason)
}

/** A mistake in what a holder gave, which he may read of. */
export function mistake(message: string): never {
  throw reasons.keep(new TypeError(message), message)
}

/** What a function of the holder's throws is his: it goes back to him, and nobody looks at it. */
export async function theirs<R>(work: () => R): Promise<Awaited<R>> {
  try {
    return await work()
  } catch (error) {
    throw thrown.keep({}, { error })
  }
}

const thrown = secret<{ readonly error: unknown }>()

// holders get at it by the errors that they are given, and none may change it for the others
for (const each of [StoreError, StoreError.prototype, StoreError.prototype.toJSON]) Object.freeze(each)

const reasons = secret<string>()
const refusals = secret<Refusal & { readonly owner: object }>()

/** In words that hold for every object, so that nothing is learnt of this one. */
const words: Partial<Record<ErrorName, string>> = {
  ConstraintError: 'there is such an object already, or others depend on it',
  NotFoundError: 'there is no such object',
  PreconditionFailedError: 'the object is not, or no longer, as it was expected',
  TransactionInactiveError: 'the transaction has ended',
  InvalidStateError: 'the store is closed',
  NetworkError: 'the store cannot be reached',
  OutcomeUnknownError: 'it may have been done, or not',
  TimeoutError: 'it took too long',
  QuotaExceededError: 'there is no room for more',
  NotSupportedError: 'this is not possible here',
  NotAllowedError: 'this is not allowed here',
  DataError: 'what was given cannot be taken',
  DataCloneError: 'what was given cannot be stored',
  ValidationError: 'the object is not valid',
}

export interface About {
  /** What the owner has in hand, so that he can ask why. */
  readonly owner: object
  readonly method: string
  /** Of which of many objects it is. */
  readonly position?: number
  readonly readable: (name: string) => boolean
  /** Is what is seen other than what is stored? An error would tell of that what was found. */
  readonly computed: (name: string) => boolean
}

/** What the holder gets in place of an error. Our own refusals keep their words, and so do mistakes in what he gave. */
export function shown(error: unknown, { owner, method, position, ...about }: About): Error {
  // nothing is to be done with an error, which may hold anything, by means that somebody may have replaced
  if (!isIntact()) return tampered()
  const his = thrown.of(error)
  if (his) return his.error as Error
  if (refusals.of(error)) return error as Error
  const told = at(position, tell(error, about))
  const reason = reasons.of(error) ?? (error instanceof Error ? error.message : String(error))
  return refusals.keep(told, { owner, method, reason, cause: error })
}

function at(position: number | undefined, error: Error): Error {
  if (position === undefined || !isStoreError(error)) return error
  const issues = error.issues?.map(issue => ({ ...issue, path: [position, ...issue.path] }))
  const { retryAfter } = error
  return new StoreError(error.name, `at position ${position}: ${error.message}`, { issues, retryAfter })
}

function tell(error: unknown, { readable, computed }: Pick<About, 'readable' | 'computed'>): Error {
  if (reasons.of(error) !== undefined) {
    const { name, message, retryAfter } = error as StoreError
    return error instanceof TypeError ? new TypeError(message) : new StoreError(name, message, { retryAfter })
  }
  if (error instanceof DOMException && error.name === 'AbortError')
    return new DOMException('it was aborted', 'AbortError')
  if (!isStoreError(error)) return new StoreError('UnknownError', 'it has failed')
  const issues = error.issues?.filter(issue => maySee(issue, readable)).map(issue => issueOf(issue, computed))
  if (!issues || issues.length === 0) return new StoreError(error.name, words[error.name] ?? 'it has failed')
  const message = issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')
  return new StoreError(error.name, message, { issues })
}

/** What the rules say of a name that was given is said of every such name, whether or not there is one. */
function maySee({ path, keyword }: Issue, readable: About['readable']): boolean {
  return path.length > 0 && (keyword === 'writable' || readable(String(path[0])))
}

/** Keywords whose message speaks of the one property only. */
const plainKeywords = new Set(
  'type format pattern required minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems enum const additionalProperties writable readonly'.split(
    ' ',
  ),
)

function issueOf({ path, keyword, message }: Issue, computed: About['computed']): Issue {
  const name = String(path[0])
  if (keyword !== 'writable' && computed(name)) return { path: [name], keyword: 'valid', message: 'is not valid' }
  return plainKeywords.has(keyword)
    ? { path: [...path], keyword, message }
    : { path: [...path], keyword: 'valid', message: 'is not valid' }
}

/** Is it what a facet says of what it was given, and no mistake of what it calls? */
export function isMistake(error: unknown): boolean {
  return error instanceof TypeError && refusals.of(error) !== undefined
}

/**
 * Why a holder was refused, or what has failed: asked with the error that he got, and the model or the facet that his facet was
 * made over, which he has not. `undefined` for other errors.
 */
export function explainRefusal(owner: object, error: unknown): Refusal | undefined {
  const found = refusals.of(error)
  if (found?.owner !== owner) return undefined
  const { method, reason, cause } = found
  return { method, reason, ...(cause !== undefined && { cause }) }
}
