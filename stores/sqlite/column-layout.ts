import { StoreError } from '../../lib/errors.js'
import { pathKey, reader } from '../../lib/query/path.js'
import type { Affinity } from './affinity.js'
import { quoted } from './column.js'
import type { Cell } from './driver.js'
import { idColumn } from './id-column.js'
import type { Layout } from './layout.js'
import { isMarked } from './mark.js'
import { insertInto, upsertOf } from './redo.js'
import { type Field, objectOf, type RowFormat, rowOf } from './row.js'

/** The names in a table of columns. */
export interface ColumnNames {
  readonly table: string
  readonly idColumn: string
  readonly idProperty: string
  /** The column of documents, if there is one. */
  readonly objectColumn: string | undefined
}

export interface IdTraits {
  readonly affinity: Affinity
  /** Does the database make them? */
  readonly generated: boolean
}

/** A column per property. */
export function columnLayout(names: ColumnNames, fields: readonly Field[], { affinity, generated }: IdTraits): Layout {
  const [table, id] = [quoted(names.table), `${quoted(names.idColumn)} COLLATE BINARY`]
  const ids = idColumn(names.idColumn, affinity)
  const object = names.objectColumn
  const others = [...fields.map(({ column }) => column), ...(object === undefined ? [] : [object])]
  const own = { table: names.table, id: names.idColumn, columns: [names.idColumn, ...others] }
  const row = [...own.columns.map(quoted), ...(object === undefined ? ['NULL'] : [])].join(', ')
  const insert = insertInto(own)
  const format: RowFormat = {
    table: names.table,
    idProperty: names.idProperty,
    readId: reader(names.idProperty),
    fields,
    document: object !== undefined,
    idOf: ids.idOf,
  }
  const idAsColumn = { path: names.idProperty, name: names.idColumn, sql: id, encoding: ids.encoding }
  const columns = fields.flatMap(({ property, column, codec: { encoding } }) =>
    encoding ? [{ path: property, name: column, sql: `${quoted(column)} COLLATE BINARY`, encoding }] : [],
  )

  return {
    columns: new Map([idAsColumn, ...columns].map(each => [pathKey(each.path), each])),
    unique: new Map([
      [`${names.table}.${names.idColumn}`, names.idProperty],
      ...fields.filter(field => field.unique).map(field => [`${names.table}.${field.column}`, field.property] as const),
    ]),
    numbered: generated ? ids.idOf : undefined,
    names: own,
    sql: {
      table,
      id,
      row,
      order: ids.order,
      marked: object === undefined ? undefined : isMarked(object),
      get: `SELECT ${row} FROM ${table} WHERE ${id} = ?`,
      insert,
      upsert: upsertOf(insert, own),
      delete: `DELETE FROM ${table} WHERE ${id} = ?`,
      take: `DELETE FROM ${table} WHERE ${id} = ? RETURNING ${row}`,
    },
    key: ids.key,
    // a document can keep the id as it was given
    idFor: each => (object !== undefined ? each : ids.idOf(ids.key(each) ?? each)),
    cells(stored, given) {
      const cell = given === undefined ? null : ids.key(given)
      if (cell === undefined) throw new StoreError('DataError', `the ids of ${names.table} are integers, not ${given}`)
      return rowOf(stored, cell, format)
    },
    object: read => objectOf(read as Cell[], format),
  }
}
