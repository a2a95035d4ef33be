import { closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { type ErrorName, isStoreError, StoreError } from '../../lib/errors.js'
import { exclusiveNow, type ReleaseNow } from '../files/exclusive-now.js'
import { type Connection, checkEncoding, connect, connectionTo } from './connection.js'
import { type Database, database } from './database.js'
import { loadDriver, type SqliteDatabase } from './driver.js'
import { type Durability, makeDurable, makeGivenDurable } from './durability.js'
import { checkSettled, inDoubt } from './in-doubt.js'
import { readers } from './readers.js'

export interface DatabaseOptions {
  /** The file, or `:memory:`. */
  readonly path?: string | undefined
  /** A database that is open already, and is not closed here. */
  readonly database?: SqliteDatabase | undefined
  readonly durability: Durability
  readonly readonly: boolean
  /** Do other processes write to the file? */
  readonly shared: boolean
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
  /** Do other processes write to the file? `undefined` where that is no concern of ours. */
  readonly shared?: boolean | undefined
  users: number
}

/** What is open in this process, by file or by the object that was given. */
const all = new Map<unknown, Shared>()

/** Opens a database, or shares the one that is open in this process. */
export function openDatabase(options: DatabaseOptions): Opened {
  const { key, open } = sourceOf(options)
  const shared = all.get(key) ?? open()
  if (shared.shared !== undefined && shared.shared !== options.shared) throw mixed(options)
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

function sourceOf({ path, database, durability, readonly, shared }: DatabaseOptions): { key: unknown; open(): Shared } {
  if (database) return { key: database, open: () => shareGiven(database, durability) }
  if (path === undefined) throw new TypeError('sqlite needs a path or a database')
  if (path === ':memory:') return { key: Symbol(path), open: shareMemory }
  loadDriver()
  const file = realFile(path, readonly)
  const open = () => (readonly ? shareReadonly(file) : shareFile(file, durability, shared))
  return { key: `${readonly} ${file}`, open }
}

function shareFile(file: string, durability: Durability, shared: boolean): Shared {
  const unlock = lockFile(file, shared)
  try {
    const main = connect(file, { readonly: false })
    const endure = (wanted: Durability) => main.blocking(() => makeDurable(main, wanted, file))
    const doubt = inDoubt(main, shared)
    closingIfFailed(main, () => {
      endure(durability)
      main.blocking(doubt.settle)
    })
    const others = readers(file)
    const close = () => {
      others.close()
      main.close()
      unlock?.()
    }
    return { database: database(main, others, doubt), endure, close, durability, shared, users: 0 }
  } catch (error) {
    unlock?.()
    throw error
  }
}

/** Who only reads locks nobody out, and asks nothing of the durability. */
function shareReadonly(file: string): Shared {
  const main = connect(file, { readonly: true })
  closingIfFailed(main, () => checkSettled(main))
  const others = readers(file)
  const close = () => {
    others.close()
    main.close()
  }
  const shared = database(main, others, inDoubt(main, false))
  return { database: shared, endure() {}, close, durability: 'strict', users: 0 }
}

function closingIfFailed(connection: Connection, work: () => void): void {
  try {
    work()
  } catch (error) {
    connection.close()
    throw error
  }
}

function shareMemory(): Shared {
  const main = connect(':memory:', { readonly: false })
  const shared = database(main, undefined, inDoubt(main, false))
  return { database: shared, endure() {}, close: main.close, durability: 'strict', users: 0 }
}

function shareGiven(given: SqliteDatabase, durability: Durability): Shared {
  const main = connectionTo(given)
  const endure = (wanted: Durability) => {
    if (!given.memory && !given.readonly) makeGivenDurable(main, wanted, given.name)
  }
  checkEncoding(main)
  endure(durability)
  const doubt = inDoubt(main, false)
  if (given.readonly) checkSettled(main)
  else doubt.settle()
  return { database: database(main, undefined, doubt), endure, close() {}, durability, users: 0 }
}

/** Keeps other processes out, or those that do not share the file too. */
function lockFile(file: string, shared: boolean): ReleaseNow | undefined {
  try {
    return exclusiveNow(file, { shared })
  } catch (error) {
    if (!isStoreError(error, 'InvalidStateError')) throw error
    const hint = 'shared: true lets several processes write to it, if each of them says so'
    throw new StoreError('InvalidStateError', `${error.message}; ${hint}`)
  }
}

function mixed({ path, shared }: DatabaseOptions): StoreError {
  const message = `${path} is open in this process ${shared ? 'without' : 'with'} shared: true: open it in one way only`
  return new StoreError('InvalidStateError', message)
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
