/**
 * The table of a store that keeps whole documents: it is made, checked, and given side columns as they are wanted.
 */
import { StoreError } from '../../lib/errors.js'
import type { Path } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { quoted } from './column.js'
import { columnName, pathOfColumn } from './column-name.js'
import type { Connection } from './connection.js'
import type { Database } from './database.js'
import { type DocumentNames, documentLayout, documentOf, type Side } from './document-layout.js'
import type { Cell } from './driver.js'
import { dropIndex, hasIndex, makeIndex, type Wanted, wantedIndexes } from './indexes.js'
import type { Layout, Table } from './layout.js'
import { makeMarkIndex, markIndexName } from './mark.js'
import { existingTable, indexesOn, type TableInfo, tableInfo } from './table-info.js'

/** Opens the table; makes it if there is none, unless it may only be read. */
export function documentTable(database: Database, names: DocumentNames, readonly: boolean): Table {
  const { main } = database
  const known = readonly || tableInfo(main, names.table) !== undefined
  let layout = known ? layoutOf(names, existingTable(main, names.table)) : database.change(() => create(main, names))

  return {
    idProperty: names.idProperty,
    get layout() {
      return layout
    },
    reload() {
      layout = layoutOf(names, existingTable(main, names.table))
    },
    addIndexes(definitions) {
      if (readonly) return []
      const wanted = wantedIndexes(definitions).filter(({ path }) => pathKey(path) !== names.idProperty)
      const lacking = missing(existingTable(main, names.table), wanted)
      if (lacking.length > 0) layout = database.change(() => extend(main, names, wanted))
      return lacking.map(({ path }) => path)
    },
    dropIndex(path) {
      const info = existingTable(main, names.table)
      const column = sideOf(info, path)
      if (column !== undefined) database.change(() => dropIndex(main, info, column))
    },
  }
}

function create(connection: Connection, names: DocumentNames): Layout {
  // another process may have been faster
  const found = tableInfo(connection, names.table)
  if (found) return layoutOf(names, found)
  createTable(connection, names, [])
  return documentLayout(names, [names.idColumn, names.objectColumn], [])
}

/** The documents stand last: SQLite reads what is before them without them. */
function createTable(connection: Connection, names: DocumentNames, sides: readonly string[]): void {
  const { table, idColumn, objectColumn } = names
  const [id, object] = [quoted(idColumn), quoted(objectColumn)]
  const columns = [`${id} PRIMARY KEY NOT NULL`, ...sides.map(quoted), `${object} TEXT NOT NULL`].join(', ')
  connection.run(`CREATE TABLE ${quoted(table)} (${columns}) WITHOUT ROWID`)
  makeMarkIndex(connection, names)
}

/** The layout of a table that is there, if it is one of ours. */
function layoutOf(names: DocumentNames, info: TableInfo): Layout {
  const { table, idColumn, objectColumn } = names
  if (info.kind !== 'table') foreign(table, `it is a ${info.kind}`)
  for (const expected of [idColumn, objectColumn]) {
    if (!info.columns.some(({ name }) => name === expected)) foreign(table, `it has no column ${expected}`)
  }
  for (const { name, type, primary, generated } of info.columns) {
    if (primary !== (name === idColumn)) foreign(table, `${idColumn} is not its only primary key`)
    if (type !== (name === objectColumn ? 'TEXT' : '') || generated) foreign(table, `its column ${name} is of a type`)
    if (name !== idColumn && name !== objectColumn && pathOfColumn(name) === undefined) {
      foreign(table, `its column ${name} is not named after a property, as /age`)
    }
  }
  return documentLayout(
    names,
    info.columns.map(({ name }) => name),
    sidesOf(info),
  )
}

function sidesOf(info: TableInfo): Side[] {
  return info.columns.flatMap(({ name }) => {
    const path = pathOfColumn(name)
    return path === undefined ? [] : [{ name, path, unique: indexesOn(info, name).some(({ unique }) => unique) }]
  })
}

function foreign(table: string, problem: string): never {
  const hint = 'tell its columns to use it as it is, or choose another table'
  throw new StoreError('NotSupportedError', `the table ${table} was not made by Holdfast: ${problem}; ${hint}`)
}

/** What is wanted and not there: side columns, or indexes on them. */
function missing(info: TableInfo, wanted: readonly Wanted[]): Wanted[] {
  return wanted.filter(({ path, unique }) => {
    const name = sideOf(info, path)
    return name === undefined || !hasIndex(info, name, unique)
  })
}

function sideOf(info: TableInfo, path: Path): string | undefined {
  return sidesOf(info).find(side => pathKey(side.path) === pathKey(path))?.name
}

/** Adds what is missing, and fills it from the documents. */
function extend(connection: Connection, names: DocumentNames, wanted: readonly Wanted[]): Layout {
  const current = () => existingTable(connection, names.table)
  const before = current()
  const added = wanted.filter(({ path }) => sideOf(before, path) === undefined)
  const lacking = missing(before, wanted)
  if (added.length > 0) addColumns(connection, names, before, added)
  const info = current()
  for (const each of lacking) makeIndex(connection, info, names.table, sideOf(info, each.path) as string, each)
  return layoutOf(names, current())
}

function addColumns(connection: Connection, names: DocumentNames, info: TableInfo, added: readonly Wanted[]): void {
  const taken = info.columns.map(({ name }) => name)
  for (const { path } of added) taken.push(columnName(path, taken))
  const table = quoted(names.table)
  if (connection.get(`SELECT 1 FROM ${table} LIMIT 1`) === undefined && isOurs(info, names)) {
    const sides = taken.filter(name => name !== names.idColumn && name !== names.objectColumn)
    connection.run(`DROP TABLE ${table}`)
    createTable(connection, names, sides)
    const made = existingTable(connection, names.table)
    for (const { name, path, unique } of sidesOf(info)) makeIndex(connection, made, names.table, name, { path, unique })
    return
  }
  for (const name of taken.slice(info.columns.length)) connection.run(`ALTER TABLE ${table} ADD COLUMN ${quoted(name)}`)
  refill(connection, names)
}

/** Is nothing of somebody else's hung on the table, that would go with it? */
function isOurs({ bare, indexes }: TableInfo, { table }: DocumentNames): boolean {
  return bare && indexes.every(({ name, partial, columns }) => (partial ? name === markIndexName(table) : !columns[1]))
}

/** Writes every row again, as it now is to be. */
function refill(connection: Connection, names: DocumentNames): void {
  const { cells, sql } = layoutOf(names, existingTable(connection, names.table))
  const id = quoted(names.idColumn)
  const page = `SELECT ${id}, ${sql.row} FROM ${sql.table} WHERE ${id} > ? ORDER BY ${id} LIMIT 1000`
  let last: Cell = -(2n ** 63n)
  for (;;) {
    const rows = connection.all(page, last) as [Cell, string][]
    for (const [key, text] of rows) connection.run(sql.upsert, ...cells(documentOf(text), idOf(key)))
    if (rows.length === 0) return
    last = (rows.at(-1) as [Cell, string])[0]
  }
}

const idOf = (key: Cell): Id => (typeof key === 'bigint' ? Number(key) : (key as string))
