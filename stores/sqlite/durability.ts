import { StoreError } from '../../lib/errors.js'
import type { Connection } from './connection.js'

/** What a power cut may take back: nothing, or the last commits. A killed process takes back nothing in either. */
export type Durability = 'strict' | 'relaxed'

const full = 2n
const extra = 3n

/** Turns on the log, written through to the disk as asked; refuses if SQLite then does not run so. */
export function makeDurable(connection: Connection, durability: Durability, name: string): void {
  const journal = connection.get('PRAGMA journal_mode = WAL')
  if (durability === 'strict') {
    connection.run('PRAGMA synchronous = FULL')
    // on macOS only this empties the cache of the disk
    connection.run('PRAGMA fullfsync = ON')
  } else {
    connection.run('PRAGMA synchronous = NORMAL')
  }
  const synchronous = connection.get('PRAGMA synchronous') as bigint
  if (journal !== 'wal' || (durability === 'strict' && synchronous < full))
    refuse(name, durability, journal, synchronous)
}

/**
 * The same for a connection of somebody else's: its journal stays as it is, so that without the log more syncs are
 * needed.
 */
export function makeGivenDurable(connection: Connection, durability: Durability, name: string): void {
  const journal = connection.get('PRAGMA journal_mode')
  const needed = journal === 'wal' ? full : extra
  if (durability === 'strict') {
    // also where it is enough already: a default is lowered without a word at the first use of the log
    const more = journal !== 'wal' || (connection.get('PRAGMA synchronous') as bigint) > full
    connection.run(more ? 'PRAGMA synchronous = EXTRA' : 'PRAGMA synchronous = FULL')
  }
  const synchronous = connection.get('PRAGMA synchronous') as bigint
  const weak = durability === 'strict' ? synchronous < needed : synchronous < 1n
  if (weak || journal === 'memory' || journal === 'off') refuse(name, durability, journal, synchronous)
}

/** Makes all commits from now on survive a power cut, until what it gives is called. */
export function strictMeanwhile({ get, run, database }: Connection): () => void {
  const before = get('PRAGMA synchronous') as bigint
  if (before >= full) return () => {}
  run('PRAGMA synchronous = FULL')
  return () => {
    if (database.open) run(`PRAGMA synchronous = ${before}`)
  }
}

function refuse(name: string, durability: Durability, journal: unknown, synchronous: bigint): never {
  const found = `journal_mode=${journal}, synchronous=${synchronous}`
  throw new StoreError('NotSupportedError', `${name} cannot be made ${durability}: SQLite runs it with ${found}`)
}
