/** Asks a transaction log, at once, as SQLite's stores are opened at once. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Coordinator } from '../../lib/store.js'
import { exclusiveNow } from '../files/exclusive-now.js'
import { codeOf, fileError } from '../files/file-error.js'
import { type Decisions, readDecisions } from '../transaction-log/read-decisions.js'

/** The errors of who asked while it was perhaps being decided: he may ask again. */
const early = new WeakSet<object>()

export function isUndecided(error: unknown): boolean {
  return typeof error === 'object' && error !== null && early.has(error)
}

/**
 * Was a transaction that was prepared to commit? An `InvalidStateError` if there is no log, or if a process has it open, as
 * it may not have decided.
 */
export function wasCommitted({ log, id }: Coordinator): boolean {
  const release = take(log, id)
  try {
    return decisions(log, id).committed.has(id)
  } catch (cause) {
    throw fileError(`the transaction ${id} is in doubt, and its transaction log ${log} cannot be read`, cause)
  } finally {
    release?.()
  }
}

function take(log: string, id: string): (() => void) | undefined {
  try {
    return exclusiveNow(log)
  } catch (cause) {
    if (!isStoreError(cause, 'InvalidStateError')) throw cause
    const error = new StoreError('InvalidStateError', `the transaction ${id} is in doubt: ${cause.message}`, { cause })
    early.add(error)
    throw error
  }
}

/** What the log says, made to last: of what was read, the disk may once have said that it could not be written. */
function decisions(log: string, id: string): Decisions {
  const file = openLog(log, id)
  try {
    if (!fstatSync(file).isFile()) throw missing(log, id)
    const bytes = readFileSync(file)
    const read = readDecisions(bytes, log)
    for (let done = 0; done < read.length; ) done += writeSync(file, bytes, done, read.length - done, done)
    fsyncSync(file)
    syncDirectory(dirname(log))
    return read
  } finally {
    closeSync(file)
  }
}

function openLog(log: string, id: string): number {
  if (!isAbsolute(log)) throw missing(log, id)
  try {
    // not held up by what is no file
    return openSync(log, constants.O_RDWR | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    throw codeOf(cause) === 'ENOENT' ? missing(log, id) : cause
  }
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

function missing(log: string, id: string): StoreError {
  const problem = `the transaction ${id} is in doubt, and its transaction log ${log} is not there`
  return new StoreError('InvalidStateError', `${problem}: put it back, for only it says whether to commit`)
}
