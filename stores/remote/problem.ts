/** Errors as a server tells them: problem details (RFC 9457) of a store are the same `StoreError` again. */
import { type ErrorName, type Issue, isStoreError, StoreError } from '../../lib/errors.js'
import type { Id } from '../../lib/store.js'
import type { Answer } from './answer.js'
import { invalid } from './lost.js'
import { problemJson } from './media-types.js'
import { isData, parsed } from './trust.js'

/** The error that an answer of 400 and above stands for, about the object with this id. What only a store may say is thrown as no answer if none has said it. */
export function refusalOf(answer: Answer, id?: Id): StoreError {
  const told = problemOf(answer)
  if (told)
    return (
      errorOf({ ...(id !== undefined && { id }), ...told }) ??
      plainError(answer.status, text(told.detail) ?? text(told.title))
    )
  return plainError(answer.status)
}

/** The problem details, if the answer holds any. */
export function problemOf({ type, text }: Answer): Record<string, unknown> | undefined {
  if (type !== problemJson) return undefined
  const value = parsed(text)
  return isData(value) ? value : undefined
}

/** The error of a store, if these are its problem details. */
export function errorOf(problem: Record<string, unknown>): StoreError | undefined {
  const { title, detail, method, id, issues, done, notDone, retryAfter } = problem
  if (!isName(title)) return undefined
  return new StoreError(title, text(detail) ?? `the server refused it: ${title}`, {
    method: text(method),
    id: typeof id === 'number' || typeof id === 'string' ? (id as Id) : undefined,
    issues: listOf(issues, isIssue),
    done: listOf(done, isPosition),
    notDone: listOf(notDone, isPosition),
    retryAfter: isPosition(retryAfter) ? retryAfter : undefined,
  })
}

const names: Readonly<Record<number, ErrorName>> = {
  401: 'NotAllowedError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  405: 'NotSupportedError',
  406: 'NotSupportedError',
  409: 'ConstraintError',
  410: 'NotFoundError',
  412: 'PreconditionFailedError',
  413: 'QuotaExceededError',
  414: 'QuotaExceededError',
  415: 'NotSupportedError',
  422: 'ValidationError',
  429: 'QuotaExceededError',
  431: 'QuotaExceededError',
  501: 'NotSupportedError',
}

/** A request that the client got wrong was not done, whoever says so; that a server fails says nothing of what it did before. */
function plainError(status: number, detail?: string): StoreError {
  const message = `the server answered ${status}${detail === undefined ? '' : `: ${detail}`}`
  const name = names[status] ?? (status < 500 ? 'DataError' : undefined)
  if (name === undefined) throw invalid(`${message}, and not as a store does`)
  return new StoreError(name, message)
}

function isName(title: unknown): title is ErrorName {
  return typeof title === 'string' && isStoreError(Object.assign(new Error(), { name: title, status: 0 }))
}

const longest = 10_000

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longest) : undefined
}

const most = 1000

function listOf<T>(value: unknown, is: (item: unknown) => item is T): readonly T[] | undefined {
  return Array.isArray(value) && value.every(is) ? value.slice(0, most) : undefined
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isIssue(value: unknown): value is Issue {
  if (!isData(value) || typeof value.keyword !== 'string' || typeof value.message !== 'string') return false
  const { path } = value
  return Array.isArray(path) && path.every(name => typeof name === 'string' || typeof name === 'number')
}
