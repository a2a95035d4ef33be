import { type ErrorName, StoreError } from '../../lib/errors.js'

/** By the start of SQLite's code. The message says what it means for who called. */
const kinds: readonly (readonly [code: string, name: ErrorName, message: string])[] = [
  ['SQLITE_CONSTRAINT', 'ConstraintError', 'the table does not allow it'],
  ['SQLITE_BUSY', 'TimeoutError', 'another process is writing to the database'],
  ['SQLITE_LOCKED', 'TimeoutError', 'another statement has locked the database'],
  ['SQLITE_FULL', 'QuotaExceededError', 'the disk is full'],
  ['SQLITE_CORRUPT', 'CorruptError', 'the database is damaged'],
  ['SQLITE_NOTADB', 'CorruptError', 'the file is not a database'],
  ['SQLITE_READONLY', 'NotAllowedError', 'the database cannot be written to'],
  ['SQLITE_CANTOPEN', 'NotAllowedError', 'the database may not be opened'],
  ['SQLITE_PERM', 'NotAllowedError', 'the database may not be opened'],
  ['SQLITE_AUTH', 'NotAllowedError', 'the database does not allow it'],
  ['SQLITE_TOOBIG', 'DataError', 'the object is too large for SQLite'],
]

/** Our error for one of SQLite's, with it as the cause. Any other error, ours too, is given back as it is. */
export function failure(error: unknown): unknown {
  if (error instanceof TypeError && unusable.test(error.message)) {
    return new StoreError('InvalidStateError', `the database cannot be used: ${error.message}`, { cause: error })
  }
  const code = codeOf(error)
  if (code === undefined || error instanceof StoreError) return error
  const [, name, message] = kinds.find(([start]) => code.startsWith(start)) ?? ['', 'UnknownError', 'SQLite failed']
  return new StoreError(name, `${message}: ${(error as Error).message} (${code})`, { cause: error })
}

/** Somebody has closed the database that he gave us, or iterates a statement of his own. */
const unusable = /^(?:The|This) database connection is/

/** SQLite's own code, of its error or of ours that was made from it. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof StoreError) return codeOf(error.cause)
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}
