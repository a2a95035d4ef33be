/** A table of an SQLite database: one of ours, or one of any other program, whose columns are then looked at. */

import { existsSync } from 'node:fs'
import { StoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { affinityOf } from '../../stores/sqlite/affinity.js'
import type { ColumnType } from '../../stores/sqlite/column-types.js'
import { type Connection, connect } from '../../stores/sqlite/connection.js'
import { type ColumnInfo, type TableInfo, tableInfo } from '../../stores/sqlite/table-info.js'
import { sqlite } from '../../stores/sqlite.js'
import { Failure } from '../failure.js'
import type { OpenOptions } from './open.js'
import type { Place } from './place.js'

type SqlitePlace = Extract<Place, { kind: 'sqlite' }>

export function openTable(place: SqlitePlace, { write = false, options = {} }: OpenOptions) {
  const { path } = place
  const table = place.table ?? onlyTable(path)
  const info = existsSync(path) ? looking(path, connection => tableInfo(connection, table)) : undefined
  if (!info && !write) throw missing(path, table)
  const idProperty = (options.idProperty as string | undefined) ?? (info && isForeign(info) ? idColumn(info) : 'id')
  const shape = info && isForeign(info) ? { columns: columnsOf(info), idColumn: idColumn(info) } : {}
  const store: Store = sqlite({ path, table, readonly: !write, idProperty, ...shape })
  return { store, idProperty, place: { ...place, table } }
}

/** The tables of a database that hold objects, without the logs of the others. */
export function tablesToShow(path: string): string[] {
  const names = tablesIn(path)
  return names.filter(name => !(name.endsWith('_history') && names.includes(name.replace(/_history$/, ''))))
}

/** The tables of a database that hold objects. */
export function tablesIn(path: string): string[] {
  const names = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND name <> 'holdfast_in_doubt' ORDER BY name`
  return looking(path, connection => connection.all(names) as string[])
}

export function looking<R>(path: string, work: (connection: Connection) => R): R {
  const connection = connect(path, { readonly: true })
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}

function onlyTable(path: string): string {
  if (!existsSync(path)) return 'objects'
  const tables = tablesToShow(path)
  if (tables.length > 1) throw new Failure(2, `${path} has the tables ${tables.join(', ')}`, 'name one behind a #')
  return tables[0] ?? 'objects'
}

function missing(path: string, table: string): StoreError {
  return new StoreError('NotFoundError', `${path} has no table ${table}, but ${tablesIn(path).join(', ') || 'none'}`)
}

/** Was it not made by the store of documents? */
function isForeign({ columns }: TableInfo): boolean {
  const id = columns.find(({ name }) => name === 'id')
  const object = columns.find(({ name }) => name === 'object')
  return !(id?.primary && id.type === '' && object?.type === 'TEXT')
}

function idColumn({ columns, indexes }: TableInfo): string {
  const keys = columns.filter(({ primary }) => primary)
  if (keys.length === 1 && keys[0]) return keys[0].name
  const unique = indexes.find(index => index.unique && !index.partial && index.columns.length === 1)
  return unique?.columns[0]?.name ?? 'id'
}

function columnsOf({ columns }: TableInfo): Record<string, ColumnType> {
  const plain = columns.filter(({ generated }) => !generated)
  return Object.fromEntries(plain.map(column => [column.name, typeOf(column)]))
}

/** By what the column was declared as; what is read from it is what lies in it, all the same. */
function typeOf({ type }: ColumnInfo): ColumnType {
  if (/JSON/i.test(type)) return 'json'
  const affinity = affinityOf(type)
  if (/BOOL/i.test(type) && affinity !== 'text') return 'boolean'
  if (/DATE|TIME/i.test(type)) return 'date'
  if (affinity === 'text') return 'string'
  if (affinity === 'none') return 'bytes'
  return /INT/i.test(type) ? 'integer' : 'number'
}
