import { StoreError } from '../../lib/errors.js'
import type { Coordinator, MaybePromise } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { writeTimeout } from '../table/store.js'
import { type Connection, rollback } from './connection.js'
import { forget, record } from './in-doubt.js'
import { patiently } from './patience.js'
import { type RowChange, redo } from './redo.js'

export interface Preparation {
  readonly connection: Connection
  readonly coordinator: Coordinator
  /** What was written in the transaction that is open, in order. */
  readonly changes: readonly RowChange[]
  /** Throws if it has been aborted meanwhile. */
  check(): void
  /** The record could not be removed. */
  left(): void
}

/** Makes a transaction that has just begun one that can be prepared. */
export function markStart({ run }: Connection): void {
  run('SAVEPOINT start')
}

/**
 * Makes the transaction that is open one that can only commit, if it is not aborted. SQLite cannot keep it over a crash, so
 * its changes are undone and committed as a record, and then made again in a transaction that takes the record away. In
 * between others of us see the record, and wait for what is decided.
 */
export function prepare(preparation: Preparation): MaybePromise<void> {
  const { connection, coordinator, changes } = preparation
  const version = allOrNothing(connection, () => {
    connection.run('ROLLBACK TO start')
    record(connection, coordinator, changes)
    const now = connection.get('PRAGMA data_version')
    connection.run('COMMIT')
    return now
  })
  const again = () => {
    checkVersion(connection, version)
    forget(connection, coordinator.id)
    for (const change of changes) redo(connection, change)
    checkDeferred(connection)
  }
  return settle(
    () => when(begun(preparation), () => allOrNothing(connection, again)),
    () => {},
    error => {
      unrecord(preparation)
      throw error
    },
  )
}

/** Takes the record away of what was prepared, after a rollback. */
export function unrecord({ connection, coordinator, left }: Preparation): void {
  try {
    connection.run('BEGIN IMMEDIATE')
    forget(connection, coordinator.id)
    connection.run('COMMIT')
  } catch {
    rollback(connection)
    // without a decision in the log it counts as aborted all the same
    left()
  }
}

/** Begins, exclusively, so that where there is no write-ahead log no reader can hold up the commit. */
function begun({ connection, check }: Preparation): MaybePromise<void> {
  const begin = () => {
    check()
    connection.run('BEGIN EXCLUSIVE')
  }
  return patiently(begin, { timeout: writeTimeout })
}

function allOrNothing<R>(connection: Connection, work: () => R): R {
  try {
    return work()
  } catch (error) {
    rollback(connection)
    throw error
  }
}

function checkVersion({ get }: Connection, version: unknown): void {
  if (get('PRAGMA data_version') === version) return
  const message = 'another program wrote to the database while the transaction was being prepared: try it again'
  throw new StoreError('TimeoutError', message)
}

/** Some references between tables are otherwise only checked by the commit. */
function checkDeferred({ get }: Connection): void {
  if (get('SELECT 1 FROM sqlite_schema WHERE sql LIKE ? LIMIT 1', '%DEFER%') === undefined) return
  if (get('PRAGMA foreign_keys') !== 1n || get('PRAGMA foreign_key_check') === undefined) return
  throw new StoreError('ConstraintError', 'the table does not allow it: a row refers to one that is not there')
}
