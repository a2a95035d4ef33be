import { closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { type ErrorName, StoreError } from '../../lib/errors.js'
import { checkEncoding, connect, connectionTo } from './connection.js'
import { type Database, database } from './database.js'
import { loadDriver, type SqliteDatabase } from './driver.js'
import { type Durability, makeDurable, makeGivenDurable } from './durability.js'
import { readers } from './readers.js'

export interface DatabaseOptions {
  /** The file, or `:memory:`. */
  readonly path?: string | undefined
  /** A database that is open already, and is not closed here. */
  readonly database?: SqliteDatabase | undefined
  readonly durability: Durability
  readonly readonly: boolean
}

/** A database as one store has it. */
export interface Opened {
  readonly database: Database
  /** The store needs it no longer; the last one closes it. */
  release(): void
}

interface Shared {
  readonly database: Database
  /** Makes its commits last as they should. */
  endure(durability: Durability): void
  close(): void
  durability: Durability
  users: number
}

/** What is open in this process, by file or by the object that was given. */
const all = new Map<unknown, Shared>()

/** Opens a database, or shares the one that is open in this process. */
export function openDatabase(options: DatabaseOptions): Opened {
  const { key, open } = sourceOf(options)
  const shared = all.get(key) ?? open()
  if (options.durability === 'strict' && shared.durability === 'relaxed') shared.endure('strict')
  all.set(key, shared)
  shared.users++
  let released = false
  return {
    database: shared.database,
    release() {
      if (released) return
      released = true
      if (--shared.users > 0) return
      all.delete(key)
      shared.close()
    },
  }
}

function sourceOf({ path, database, durability, readonly }: DatabaseOptions): { key: unknown; open(): Shared } {
  if (database) return { key: database, open: () => shareGiven(database, durability) }
  if (path === undefined) throw new TypeError('sqlite needs a path or a database')
  if (path === ':memory:') return { key: Symbol(path), open: shareMemory }
  loadDriver()
  const file = realFile(path, readonly)
  return { key: `${readonly} ${file}`, open: () => shareFile(file, durability, readonly) }
}

function shareFile(file: string, durability: Durability, readonly: boolean): Shared {
  const main = connect(file, { readonly })
  const endure = (wanted: Durability) => main.blocking(() => makeDurable(main, wanted, file))
  try {
    if (!readonly) endure(durability)
  } catch (error) {
    main.close()
    throw error
  }
  const others = readers(file)
  const close = () => {
    others.close()
    main.close()
  }
  // whoever only reads asks nothing of it
  return { database: database(main, others), endure, close, durability: readonly ? 'strict' : durability, users: 0 }
}

function shareMemory(): Shared {
  const main = connect(':memory:', { readonly: false })
  return { database: database(main, undefined), endure() {}, close: main.close, durability: 'strict', users: 0 }
}

function shareGiven(given: SqliteDatabase, durability: Durability): Shared {
  const main = connectionTo(given)
  const endure = (wanted: Durability) => {
    if (!given.memory && !given.readonly) makeGivenDurable(main, wanted, given.name)
  }
  checkEncoding(main)
  endure(durability)
  return { database: database(main, undefined), endure, close() {}, durability, users: 0 }
}

/** The one name of a file, which is made if it is not there. */
function realFile(path: string, readonly: boolean): string {
  try {
    // closing a file takes away SQLite's locks on it, so one that is there is not opened
    if (!readonly && !statSync(path, { throwIfNoEntry: false })) closeSync(openSync(path, 'a'))
    if (statSync(path).isFile()) return realpathSync(path)
  } catch (cause) {
    const { code = '' } = cause as { code?: string }
    throw new StoreError(fileErrors.get(code) ?? 'UnknownError', `${path} cannot be opened: ${code}`, { cause })
  }
  throw new StoreError('NotSupportedError', `${path} is not a file`)
}

const fileErrors = new Map<string, ErrorName>([
  ['ENOENT', 'NotFoundError'],
  ['ENOTDIR', 'NotFoundError'],
  ['EACCES', 'NotAllowedError'],
  ['EPERM', 'NotAllowedError'],
  ['EROFS', 'NotAllowedError'],
  ['ENOSPC', 'QuotaExceededError'],
])
