/**
 * Transactions that were prepared and then left, by a crash or a store that was closed: their changes lie in a table of the
 * database until it is known whether they were to commit.
 */
import { StoreError } from '../../lib/errors.js'
import type { Coordinator } from '../../lib/store.js'
import { holderOf } from '../files/exclusive-now.js'
import { wasCommitted } from './ask-log.js'
import { type Connection, rollback } from './connection.js'
import { printChanges, type RowChange, readChanges, redo } from './redo.js'

/** How a transaction ended of which a record is left, as this process knows without asking. */
export interface Outcome {
  readonly committed: boolean
  /** Called when its changes are there, or gone. */
  settled(): void
}

/** What is in doubt in a database. */
export interface InDoubt {
  /** May a record come to light before a write? Then it must be in a transaction. */
  readonly watched: boolean
  /** Begins a transaction; before it, all that is in doubt is settled. */
  begin(): void
  /** Settles what is in doubt when a database is opened. */
  settle(): void
  /** A record is left: of a transaction that is known to have ended so, or that is in doubt. */
  left(id: string, outcome?: Outcome): void
}

const table = 'holdfast_in_doubt'

/** `shared`: do other processes write to the database, which may leave something? */
export function inDoubt(connection: Connection, shared: boolean): InDoubt {
  const { run } = connection
  const known = new Map<string, Outcome>()
  let some = false
  /** What SQLite counts up whenever somebody else has changed the database: as it was when nothing was in doubt. */
  let version: unknown

  const watched = () => shared || some

  function begin(): void {
    run('BEGIN IMMEDIATE')
    try {
      while (watched() && !isClear()) {
        const settled = settleAll(connection, known)
        run('COMMIT')
        for (const id of settled) known.get(id)?.settled()
        known.clear()
        run('BEGIN IMMEDIATE')
      }
    } catch (error) {
      rollback(connection)
      throw error
    }
  }

  function isClear(): boolean {
    const now = connection.get('PRAGMA data_version')
    if (!some && now === version) return true
    some = hasRecords(connection)
    if (!some) version = now
    return !some
  }

  return {
    get watched() {
      return watched()
    },
    begin,
    settle() {
      some = hasRecords(connection)
      if (!some || connection.database.inTransaction) return
      begin()
      run('COMMIT')
    },
    left(id, outcome) {
      some = true
      if (outcome) known.set(id, outcome)
    },
  }
}

/** Keeps the changes of a transaction that is about to be prepared. */
export function record(connection: Connection, { log, id }: Coordinator, changes: readonly RowChange[]): void {
  connection.run(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, log TEXT NOT NULL, changes TEXT NOT NULL)`)
  connection.run(`INSERT INTO ${table} VALUES (?, ?, ?)`, id, log, printChanges(changes))
}

export function forget({ run }: Connection, id: string): void {
  run(`DELETE FROM ${table} WHERE id = ?`, id)
}

/** Refuses to read past a transaction that is in doubt, unless a process is at work that will end it. */
export function checkSettled(connection: Connection): void {
  if (!hasRecords(connection)) return
  for (const [id, log] of connection.all(`SELECT id, log FROM ${table}`) as [string, string][]) {
    if (holderOf(log) !== undefined) continue
    const hint = `open it once to write, where its transaction log ${log} is`
    throw new StoreError('InvalidStateError', `${connection.database.name}: the transaction ${id} is in doubt; ${hint}`)
  }
}

function hasRecords({ get }: Connection): boolean {
  if (get(`SELECT 1 FROM sqlite_schema WHERE name = ?`, table) === undefined) return false
  return get(`SELECT 1 FROM ${table} LIMIT 1`) !== undefined
}

/** Gives the ids of what was settled. */
function settleAll(connection: Connection, known: ReadonlyMap<string, Outcome>): string[] {
  const records = connection.all(`SELECT id, log, changes FROM ${table} ORDER BY rowid`) as [string, string, string][]
  for (const [id, log, changes] of records) {
    const { committed } = known.get(id) ?? { committed: wasCommitted({ log, id }) }
    if (committed) for (const change of changesOf(id, changes)) redo(connection, change)
    forget(connection, id)
  }
  return records.map(([id]) => id)
}

function changesOf(id: string, text: string): RowChange[] {
  try {
    return readChanges(text)
  } catch (cause) {
    throw new StoreError('CorruptError', `the changes of the transaction ${id}, which is in doubt, are damaged`, {
      cause,
    })
  }
}
