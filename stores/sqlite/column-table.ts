/** The table of a store with a column per property: one that is there already, or one that is made here. */
import { StoreError } from '../../lib/errors.js'
import { pathKey, reader } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { affinityOf } from './affinity.js'
import { quoted } from './column.js'
import { type ColumnNames, columnLayout } from './column-layout.js'
import { type ColumnType, codecOf, declared } from './column-types.js'
import type { Connection } from './connection.js'
import type { Database } from './database.js'
import { dropIndex, hasIndex, makeIndex, type Wanted, wantedIndexes } from './indexes.js'
import type { Layout, Table } from './layout.js'
import { makeMarkIndex, markIndexName } from './mark.js'
import type { Field } from './row.js'
import { type ColumnInfo, existingTable, indexesOn, isRowNumber, type TableInfo, tableInfo } from './table-info.js'

/** The type of a column that is named like the property, or that and its name. */
export type ColumnDefinition = ColumnType | { readonly type: ColumnType; readonly column?: string | undefined }

/** A column for each property that has one. */
export type ColumnDefinitions<T extends object> = { readonly [P in keyof T & string]?: ColumnDefinition }

export interface ColumnTableOptions extends ColumnNames {
  readonly columns: ColumnDefinitions<object>
  /** Who makes ids: a function, or the database. By default the database if the ids are the numbers of its rows. */
  readonly ids: (() => Id) | 'database' | undefined
}

/** Opens the table; makes it if there is none, unless it may only be read. */
export function columnTable(database: Database, options: ColumnTableOptions, readonly: boolean): Table {
  const { main } = database
  const { table, idProperty } = options
  if (!readonly && !tableInfo(main, table)) database.change(() => create(main, options))
  const current = () => existingTable(main, table)
  let layout = layoutOf(options, current())
  if (!readonly) ensureMarkIndex(database, options, current())

  return {
    idProperty,
    get layout() {
      return layout
    },
    reload() {
      layout = layoutOf(options, current())
    },
    addIndexes(definitions) {
      if (readonly) return []
      const info = current()
      const lacking = wantedIndexes(definitions).flatMap(wanted => {
        const column = columnFor(wanted, options, layout)
        return column === undefined || hasIndex(info, column, wanted.unique) ? [] : [{ column, wanted }]
      })
      if (lacking.length === 0) return []
      database.change(() => {
        for (const { column, wanted } of lacking) makeIndex(main, current(), table, column, wanted)
      })
      layout = layoutOf(options, current())
      return lacking.map(({ wanted }) => wanted.path)
    },
    dropIndex(path) {
      const column = columnFor({ path, unique: false }, options, layout)
      if (column === undefined) return
      database.change(() => dropIndex(main, current(), column))
      layout = layoutOf(options, current())
    },
  }
}

function create(connection: Connection, options: ColumnTableOptions): void {
  const { table, idColumn, objectColumn, ids } = options
  if (tableInfo(connection, table)) return
  const columns = [
    `${quoted(idColumn)} ${ids === 'database' ? 'INTEGER PRIMARY KEY' : 'PRIMARY KEY NOT NULL'}`,
    ...definitionsOf(options).map(({ column, type }) => `${quoted(column)} ${declared[type]}`),
    ...(objectColumn === undefined ? [] : [`${quoted(objectColumn)} TEXT`]),
  ]
  connection.run(`CREATE TABLE ${quoted(table)} (${columns.join(', ')})${ids === 'database' ? '' : ' WITHOUT ROWID'}`)
}

function ensureMarkIndex(database: Database, { objectColumn, ...options }: ColumnTableOptions, info: TableInfo): void {
  const name = markIndexName(options.table)
  if (objectColumn === undefined || info.indexes.some(index => index.name === name)) return
  database.change(connection => makeMarkIndex(connection, { ...options, objectColumn }))
}

function layoutOf(options: ColumnTableOptions, info: TableInfo): Layout {
  const { table, idColumn, objectColumn, ids } = options
  if (info.kind !== 'table') throw new StoreError('NotSupportedError', `${table} is no table, but a ${info.kind}`)
  const id = find(info, options, idColumn)
  const numbered = isRowNumber(info, id)
  if (!numbered && !indexesOn(info, idColumn).some(({ unique }) => unique)) {
    throw new StoreError('NotSupportedError', `the column ${idColumn} of ${table} cannot hold ids: it is not unique`)
  }
  if (ids === 'database' && !numbered) {
    throw new StoreError('NotSupportedError', `the column ${idColumn} of ${table} is not INTEGER PRIMARY KEY`)
  }
  if (objectColumn !== undefined) codecOf('string', affinityOf(find(info, options, objectColumn).type), objectColumn)
  const fields = definitionsOf(options).map(({ property, column, type }): Field => {
    const codec = codecOf(type, affinityOf(find(info, options, column).type), column)
    const unique = indexesOn(info, column).some(index => index.unique)
    return { property, column, codec, unique, read: reader(property) }
  })
  return columnLayout(options, fields, {
    affinity: affinityOf(id.type),
    generated: numbered && typeof ids !== 'function',
  })
}

function definitionsOf({ columns, idProperty }: ColumnTableOptions) {
  return Object.entries(columns as Record<string, ColumnDefinition>).flatMap(([property, definition]) => {
    if (property === idProperty) return []
    const { type, column = property } = typeof definition === 'string' ? { type: definition } : definition
    return [{ property, column, type }]
  })
}

function find({ columns }: TableInfo, { table }: ColumnTableOptions, column: string): ColumnInfo {
  const found = columns.find(({ name }) => name === column)
  if (!found) throw new StoreError('NotFoundError', `the table ${table} has no column ${column}`)
  if (found.generated) throw new StoreError('NotSupportedError', `the column ${column} of ${table} is generated`)
  return found
}

/** The column to index for what is wanted. An index that cannot be had is no matter, but uniqueness is. */
function columnFor(
  { path, unique }: Wanted,
  { table, idProperty }: ColumnTableOptions,
  layout: Layout,
): string | undefined {
  if (path === idProperty) return undefined
  const column = layout.columns.get(pathKey(path))
  if (column) return column.name
  if (!unique) return undefined
  throw new StoreError(
    'NotSupportedError',
    `${pathKey(path)} cannot be unique: ${table} has no column for it to compare`,
  )
}
