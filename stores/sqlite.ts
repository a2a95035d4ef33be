import type { Wrapped } from '../lib/derive.js'
import { introduce } from '../lib/explain.js'
import { type IdentityOptions, identity } from '../lib/identity.js'
import type { Data, Id, PutOptions, Store } from '../lib/store.js'
import { type ColumnDefinitions, columnTable } from './sqlite/column-table.js'
import type { Database } from './sqlite/database.js'
import { documentTable } from './sqlite/document-table.js'
import type { SqliteDatabase } from './sqlite/driver.js'
import type { Durability } from './sqlite/durability.js'
import type { Table } from './sqlite/layout.js'
import { openDatabase } from './sqlite/open-database.js'
import { sqliteStore } from './sqlite/store.js'
import type { IndexDefinition } from './table/index.js'
import { type ReadonlyTableStore, readonlyTable } from './table/readonly.js'
import type { TableStore } from './table/store.js'

export type { ColumnDefinition, ColumnDefinitions } from './sqlite/column-table.js'
export type { ColumnType } from './sqlite/column-types.js'
export type { SqliteDatabase } from './sqlite/driver.js'
export type { Durability } from './sqlite/durability.js'

export interface SqliteOptions<T extends object> extends Omit<IdentityOptions, 'generateId'> {
  /** The database file, made if it is not there; its folder must be. `:memory:` is a database without a file. */
  readonly path?: string | undefined
  /** In place of a path: a database that better-sqlite3 has opened. It stays open when the store is closed. */
  readonly database?: SqliteDatabase | undefined
  /** The table of the objects, made if it is not there; `objects` by default. */
  readonly table?: string | undefined
  /** The column of the ids; `id` by default. */
  readonly idColumn?: string | undefined
  /** A column for each of these properties, in place of whole documents: for tables that other programs use. */
  readonly columns?: ColumnDefinitions<NoInfer<T>> | undefined
  /**
   * The column of the documents, `object` by default. Beside `columns` there is none by default, and what they cannot
   * hold is refused; if it is named, it holds that.
   */
  readonly objectColumn?: string | undefined
  /** Properties to be answered for without reading every object. What was indexed once stays so. */
  readonly indexes?: readonly IndexDefinition[] | undefined
  /** `strict`: what is acknowledged survives a power cut. `relaxed`: a killed process; commits are faster. */
  readonly durability?: Durability | undefined
  /**
   * Makes ids, UUID v7 by default; `database` lets SQLite number the rows, as it does by itself where `id` is its row
   * number.
   */
  readonly generateId?: (() => Id) | 'database' | undefined
  /** Gives a store that cannot be written to, and leaves the file as it is. */
  readonly readonly?: boolean | undefined
  /**
   * Several processes may write to the file, if each of them says so: they wait for each other, and a write looks for what others
   * have left. Without it, the file is locked until the last store on it is closed or the process ends, and a second process is
   * refused with an `InvalidStateError` that names the first; it may read. So it is on Linux, Android and Windows; elsewhere
   * SQLite's own locks alone keep processes apart. Of no account for a database that is given.
   */
  readonly shared?: boolean | undefined
}

type WithoutFile = { readonly path: ':memory:' } | { readonly database: SqliteDatabase }
type ReadOnly = { readonly readonly: true }
type Writing = 'put' | 'add' | 'delete' | 'subscribe' | 'transaction'

/** A store on a file: synchronous wherever it need not wait for others who write. */
export type SqliteStore<T extends object, K extends Id = Id> = TableStore<T, K>
export type ReadonlySqliteStore<T extends object, K extends Id = Id> = ReadonlyTableStore<T, K>
/** A store on a database without a file of its own: even who reads has to wait for a transaction to end. */
export type WaitingSqliteStore<T extends object, K extends Id = Id> = Required<Store<T, K>>

/**
 * Keeps objects in a table of an SQLite database, by better-sqlite3: as readable JSON documents, or a column per
 * property. A get or put is one prepared statement. Conditions, sorts and limits on ids, indexed properties and
 * columns are done by SQLite; anything else reads the objects that are left. Stores on the same file share one
 * connection that writes; who reads does not wait for who writes. Who subscribes is told what this store object writes,
 * not what others write to the table.
 */
export function sqlite<T extends object = Data, K extends Id = Id>(
  options: SqliteOptions<T> & WithoutFile & ReadOnly,
): Wrapped<WaitingSqliteStore<T, K>, Writing>
export function sqlite<T extends object = Data, K extends Id = Id>(
  options: SqliteOptions<T> & WithoutFile,
): WaitingSqliteStore<T, K>
export function sqlite<T extends object = Data, K extends Id = Id>(
  options: SqliteOptions<T> & ReadOnly,
): ReadonlySqliteStore<T, K>
export function sqlite<T extends object = Data, K extends Id = Id>(options: SqliteOptions<T>): SqliteStore<T, K>
export function sqlite<T extends object, K extends Id>(options: SqliteOptions<T>): Store<T, K> {
  const { path, database, durability = 'strict', readonly = false, shared = false, indexes = [] } = options
  const opened = openDatabase({ path, database, durability, readonly, shared })
  try {
    const table = openTable(opened.database, options)
    if (indexes.length > 0) table.addIndexes(indexes)
    const store = sqliteStore<T, K>({
      database: opened.database,
      table,
      identify: identifyIn(table, options),
      closed: opened.release,
    })
    return introduce(readonly ? readonlyTable(store as TableStore<T, K>) : store, {
      name: 'sqlite',
      options: { path, table: table.layout.names.table, durability, readonly, shared },
      idProperty: options.idProperty ?? 'id',
    })
  } catch (error) {
    opened.release()
    throw error
  }
}

function openTable<T extends object>(database: Database, options: SqliteOptions<T>): Table {
  const { table = 'objects', idColumn = 'id', idProperty = 'id', columns, objectColumn, readonly = false } = options
  const names = { table, idColumn, idProperty }
  if (columns) return columnTable(database, { ...names, columns, objectColumn, ids: options.generateId }, readonly)
  if (options.generateId === 'database') throw new TypeError('only a table of columns can number its rows')
  return documentTable(database, { ...names, objectColumn: objectColumn ?? 'object' }, readonly)
}

/** Settles the ids of objects, which the table may give back in another form than they were asked for. */
function identifyIn<T extends object>(table: Table, { idProperty, generateId }: SqliteOptions<T>) {
  // a number that only stands where the database will put its own
  const identify = identity({ idProperty, generateId: table.layout.numbered ? () => 0 : (generateId as () => Id) })
  return (object: object, options: PutOptions) => {
    const { id } = options
    const named = typeof id === 'string' || typeof id === 'number'
    return identify(object, named ? { ...options, id: table.layout.idFor(id) } : options)
  }
}
