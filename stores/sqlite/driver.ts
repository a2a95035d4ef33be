/** The part of better-sqlite3 that is used, and how it is loaded: only when a database is to be opened. */
import { createRequire } from 'node:module'
import { StoreError } from '../../lib/errors.js'

/** What SQLite keeps in one column of one row. */
export type Cell = null | bigint | number | string | Uint8Array

export interface Statement {
  readonly reader: boolean
  run(...parameters: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint }
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  iterate(...parameters: unknown[]): IterableIterator<unknown>
  columns(): readonly unknown[]
  pluck(on?: boolean): unknown
  raw(on?: boolean): unknown
  safeIntegers(on?: boolean): unknown
}

/** A database that better-sqlite3 has opened. */
export interface SqliteDatabase {
  readonly name: string
  readonly memory: boolean
  readonly readonly: boolean
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): Statement
  close(): unknown
}

export interface OpenOptions {
  readonly readonly: boolean
  readonly fileMustExist: boolean
  /** How long SQLite itself waits for other processes, in milliseconds. */
  readonly timeout: number
}

type Driver = new (path: string, options: OpenOptions) => SqliteDatabase

let driver: Driver | undefined

/** Opens a database by better-sqlite3. */
export function openDriver(path: string, options: OpenOptions): SqliteDatabase {
  return new (loadDriver())(path, options)
}

/** Loads better-sqlite3, if it was not yet; a `NotSupportedError` says if it is missing. */
export function loadDriver(): Driver {
  driver ??= load()
  return driver
}

function load(): Driver {
  try {
    return createRequire(import.meta.url)('better-sqlite3') as Driver
  } catch (cause) {
    const missing = (cause as { code?: unknown }).code === 'MODULE_NOT_FOUND'
    const problem = missing ? 'is not installed' : 'could not be loaded'
    throw new StoreError('NotSupportedError', `better-sqlite3 ${problem}: npm i better-sqlite3@^12`, { cause })
  }
}
