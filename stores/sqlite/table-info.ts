import { StoreError } from '../../lib/errors.js'
import type { Connection } from './connection.js'

/** A table as the database describes it. */
export interface TableInfo {
  /** `table`, or what cannot be used as one: `view`, `virtual`, `shadow`. */
  readonly kind: string
  readonly withoutRowid: boolean
  readonly columns: readonly ColumnInfo[]
  readonly indexes: readonly IndexInfo[]
  /** Is it a table alone, with nothing hung on it but indexes? */
  readonly bare: boolean
}

export interface ColumnInfo {
  readonly name: string
  /** As it was declared; the empty string if it was not. */
  readonly type: string
  readonly primary: boolean
  readonly generated: boolean
}

export interface IndexInfo {
  readonly name: string
  readonly unique: boolean
  /** Is it that of the primary key? */
  readonly primary: boolean
  /** Does it leave rows out? */
  readonly partial: boolean
  readonly columns: readonly { readonly name: string | null; readonly collation: string }[]
}

const tables = `SELECT type, wr FROM pragma_table_list(?) WHERE schema = 'main'`
const columns = 'SELECT name, type, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid'
const indexes = `SELECT list.name, list."unique", list.origin, list.partial, part.name, part.coll
  FROM pragma_index_list(?) AS list, pragma_index_xinfo(list.name) AS part WHERE part.key ORDER BY list.seq, part.seqno`
const triggers = `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE`

/** Is the column the number of the row itself? Then the database can make it, and there is no index on it. */
export function isRowNumber({ columns, indexes, withoutRowid }: TableInfo, { type, primary }: ColumnInfo): boolean {
  if (withoutRowid || !primary || type.toUpperCase() !== 'INTEGER') return false
  return columns.filter(each => each.primary).length === 1 && !indexes.some(index => index.primary)
}

/** What the database says of a table; `undefined` if there is none. */
export function tableInfo(connection: Connection, table: string): TableInfo | undefined {
  const found = connection.get(tables, table) as [string, bigint] | undefined
  if (!found) return undefined
  return {
    kind: found[0],
    withoutRowid: found[1] === 1n,
    columns: (connection.all(columns, table) as [string, string, bigint, bigint][]).map(
      ([name, type, primary, hidden]) => ({ name, type, primary: primary > 0n, generated: hidden > 1n }),
    ),
    indexes: indexInfo(connection, table),
    bare: connection.get(triggers, table) === 0n,
  }
}

/** The same of a table that must be there, or it is a `NotFoundError`. */
export function existingTable(connection: Connection, table: string): TableInfo {
  const info = tableInfo(connection, table)
  if (info) return info
  throw new StoreError('NotFoundError', `there is no table ${table}`)
}

function indexInfo(connection: Connection, table: string): IndexInfo[] {
  const found = new Map<string, IndexInfo & { columns: { name: string | null; collation: string }[] }>()
  const parts = connection.all(indexes, table) as [string, bigint, string, bigint, string | null, string][]
  for (const [name, unique, origin, partial, column, collation] of parts) {
    const index = found.get(name) ?? {
      name,
      unique: unique === 1n,
      primary: origin === 'pk',
      partial: partial === 1n,
      columns: [],
    }
    index.columns.push({ name: column, collation })
    found.set(name, index)
  }
  return [...found.values()]
}

/** The indexes of all rows over this column alone, in the order of its bytes. */
export function indexesOn({ indexes }: TableInfo, column: string): IndexInfo[] {
  return indexes.filter(({ partial, columns: [first, second] }) => {
    return !partial && second === undefined && first?.name === column && first.collation === 'BINARY'
  })
}
