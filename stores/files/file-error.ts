import { type ErrorName, isStoreError, StoreError } from '../../lib/errors.js'

const names: Readonly<Record<string, ErrorName>> = {
  ENOSPC: 'QuotaExceededError',
  EDQUOT: 'QuotaExceededError',
  EFBIG: 'QuotaExceededError',
  EACCES: 'NotAllowedError',
  EPERM: 'NotAllowedError',
  EROFS: 'NotAllowedError',
  ENOENT: 'NotFoundError',
  ENOTDIR: 'NotFoundError',
}

/** The error of a file system as one of ours, with the first as its cause. `failed` says what could not be done. */
export function fileError(failed: string, cause: unknown): Error {
  // a wrong argument stays what it is
  if (isStoreError(cause) || cause instanceof TypeError) return cause
  const name = names[codeOf(cause) ?? ''] ?? 'UnknownError'
  return new StoreError(name, `${failed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}

/** The code by which an operating system names an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** `undefined` where there is no such file. */
export async function ifExists<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
