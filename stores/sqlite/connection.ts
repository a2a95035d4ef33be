import { StoreError } from '../../lib/errors.js'
import { type Cell, openDriver, type SqliteDatabase, type Statement } from './driver.js'
import { failure } from './failure.js'

/**
 * A connection to a database: prepares each statement once, and gives our errors. A row of one column is its value.
 */
export interface Connection {
  readonly database: SqliteDatabase
  /** Makes changes. Gives how many rows. */
  run(sql: string, ...cells: Cell[]): number
  /** Inserts a row. Gives the number that SQLite has given it. */
  insert(sql: string, ...cells: Cell[]): bigint
  /** The first row. */
  get(sql: string, ...cells: Cell[]): unknown
  all(sql: string, ...cells: Cell[]): unknown[]
  /** The rows one by one, from one state. Until it has ended, nothing can be changed through this connection. */
  iterate(sql: string, ...cells: Cell[]): IterableIterator<unknown>
  /** All changes of the work or none, in the transaction that is open or in one of its own, which `begin` begins. */
  atomic<R>(work: () => R, begin?: () => void): R
  /** Work that only reads; `steady` may be called in it. */
  reading<R>(work: () => R): R
  /** From now on, up to `endReading`, one state is seen, whatever other processes write. */
  steady(): void
  endReading(): void
  /**
   * Work during which SQLite itself waits for other processes, and this one with it: where it cannot be done later.
   */
  blocking<R>(work: () => R): R
  close(): void
}

const maxStatements = 256

/** Opens a connection that trusts nothing in the file. */
export function connect(path: string, { readonly }: { readonly readonly: boolean }): Connection {
  const connection = connectionTo(open(path, readonly))
  try {
    connection.run('PRAGMA trusted_schema = OFF')
    connection.run('PRAGMA cell_size_check = ON')
    // the first read: here it shows whether the file is a database
    checkEncoding(connection)
  } catch (error) {
    connection.close()
    throw error
  }
  return readonly ? connection : impatient(connection)
}

function open(path: string, readonly: boolean): SqliteDatabase {
  try {
    return openDriver(path, { readonly, fileMustExist: true, timeout: 5000 })
  } catch (error) {
    throw failure(error)
  }
}

/** In another encoding strings would be in another order. */
export function checkEncoding({ get, database }: Connection): void {
  const encoding = get('PRAGMA encoding')
  if (encoding !== 'UTF-8')
    throw new StoreError('NotSupportedError', `${database.name} is in ${encoding}, not in UTF-8`)
}

/** Leaves the waiting for other processes to us, but for a moment and where it cannot be done later. */
function impatient(connection: Connection): Connection {
  return {
    ...connection,
    blocking(work) {
      connection.get('PRAGMA busy_timeout = 5000')
      try {
        return work()
      } finally {
        connection.get('PRAGMA busy_timeout = 10')
      }
    },
  }
}

/** A connection over an open database. */
export function connectionTo(database: SqliteDatabase): Connection {
  const statements = new Map<string, Statement>()
  let reading = false

  function statement(sql: string): Statement {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    // integers come as bigints, so that none is rounded
    made.safeIntegers(true)
    if (made.reader) {
      if (made.columns().length === 1) made.pluck(true)
      else made.raw(true)
    }
    if (statements.size >= maxStatements) statements.delete(statements.keys().next().value as string)
    statements.set(sql, made)
    return made
  }

  const call =
    <R>(use: (made: Statement, cells: Cell[]) => R) =>
    (sql: string, ...cells: Cell[]): R => {
      try {
        return use(statement(sql), cells)
      } catch (error) {
        throw failure(error)
      }
    }

  const run = call((made, cells) => made.run(...cells).changes)
  const connection: Connection = {
    database,
    run,
    insert: call((made, cells) => made.run(...cells).lastInsertRowid as bigint),
    get: call((made, cells) => made.get(...cells)),
    all: call((made, cells) => made.all(...cells)),
    iterate: call((made, cells) => made.iterate(...cells)),
    atomic(work, begin = () => void run('BEGIN IMMEDIATE')) {
      if (database.inTransaction) return work()
      begin()
      try {
        const result = work()
        run('COMMIT')
        return result
      } catch (error) {
        rollback(connection)
        throw error
      }
    },
    reading(work) {
      try {
        return work()
      } finally {
        connection.endReading()
      }
    },
    steady() {
      if (database.inTransaction) return
      run('BEGIN')
      reading = true
    },
    endReading() {
      if (!reading) return
      reading = false
      rollback(connection)
    },
    blocking: work => work(),
    close() {
      database.close()
    },
  }
  return connection
}

/** Ends a transaction, if SQLite has not done so itself. What fails here must not hide the first error. */
export function rollback({ database, run }: Connection): void {
  try {
    if (database.inTransaction) run('ROLLBACK')
  } catch {
    // the connection is broken; what was not committed is gone all the same
  }
}
