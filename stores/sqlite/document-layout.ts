import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import { parse, stringify } from '../../lib/json.js'
import type { Path } from '../../lib/query/expression.js'
import { pathKey, reader } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { cellOf, keyEncoding, sideEncoding, tellsLess } from './cells.js'
import { type Column, type Encoding, quoted } from './column.js'
import type { Cell } from './driver.js'
import type { Layout } from './layout.js'
import { isMarked, marked } from './mark.js'
import { upsertOf } from './redo.js'

/** The names in a table of documents. */
export interface DocumentNames {
  readonly table: string
  readonly idColumn: string
  readonly objectColumn: string
  readonly idProperty: string
}

/** A column that repeats a property of the documents. */
export interface Side {
  readonly name: string
  readonly path: Path
  readonly unique: boolean
}

/**
 * Whole documents as text. `physical` are all columns in the order in which the table has them: a row is inserted
 * without naming them, so that SQLite refuses it if another process has added one that would have to be filled.
 */
export function documentLayout(names: DocumentNames, physical: readonly string[], sides: readonly Side[]): Layout {
  const { idColumn, objectColumn, idProperty } = names
  const [table, id, object] = [quoted(names.table), quoted(idColumn), quoted(objectColumn)]
  const paths = new Map(sides.map(({ name, path }) => [name, path]))
  const reads = physical.map(name => (paths.has(name) ? reader(paths.get(name) as Path) : undefined))
  const idAt = physical.indexOf(idColumn)
  const objectAt = physical.indexOf(objectColumn)
  const insert = `INSERT INTO ${table} VALUES (${physical.map(() => '?').join(', ')})`
  const own = { table: names.table, id: idColumn, columns: physical }
  const key = (each: Id) => cellOfKey(toKey(each))

  return {
    columns: new Map([
      [pathKey(idProperty), column(idProperty, idColumn, keyEncoding)],
      ...sides
        .filter(({ path }) => path !== idProperty)
        .map(({ path, name }) => [pathKey(path), column(path, name, sideEncoding)] as const),
    ]),
    unique: new Map(sides.filter(side => side.unique).map(({ name, path }) => [`${names.table}.${name}`, path])),
    names: own,
    sql: {
      table,
      id,
      row: object,
      order: id,
      marked: isMarked(objectColumn),
      get: `SELECT ${object} FROM ${table} WHERE ${id} = ?`,
      insert,
      upsert: upsertOf(insert, own),
      delete: `DELETE FROM ${table} WHERE ${id} = ?`,
      take: `DELETE FROM ${table} WHERE ${id} = ? RETURNING ${object}`,
    },
    key,
    numbered: undefined,
    idFor: id => id,
    cells(stored, given) {
      const cells: Cell[] = []
      const idCell = key(given as Id)
      let less = typeof idCell === 'bigint' && typeof stored[idProperty as never] === 'string'
      for (let position = 0; position < reads.length; position++) {
        const value = reads[position]?.(stored)
        less ||= tellsLess(value)
        cells.push(cellOf(value))
      }
      cells[idAt] = idCell
      cells[objectAt] = marked(stringify(stored), less)
      return cells
    },
    object: documentOf,
  }
}

function column(path: Path, name: string, encoding: Encoding): Column {
  return { path, name, sql: quoted(name), encoding }
}

function cellOfKey(key: Id): Cell {
  return typeof key === 'number' ? BigInt(key) : key
}

/** The object of a document. */
export function documentOf(text: unknown): object {
  try {
    const object = parse(text as string)
    if (typeof object === 'object' && object !== null && !Array.isArray(object)) return object
  } catch (cause) {
    throw new StoreError('CorruptError', `a document is damaged: ${(cause as Error).message}`, { cause })
  }
  throw new StoreError('CorruptError', 'a document is damaged: it is no object')
}
