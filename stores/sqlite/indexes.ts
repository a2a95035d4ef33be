import { StoreError } from '../../lib/errors.js'
import type { Path } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import { type IndexDefinition, pathOf } from '../table/index.js'
import { quoted } from './column.js'
import type { Connection } from './connection.js'
import { codeOf } from './failure.js'
import { indexesOn, type TableInfo } from './table-info.js'

/** An index that is wanted. */
export interface Wanted {
  readonly path: Path
  readonly unique: boolean
}

/** What is asked for, each property once. */
export function wantedIndexes(definitions: readonly IndexDefinition[]): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const definition of definitions) {
    const path = pathOf(definition)
    const unique = typeof definition === 'object' && 'path' in definition && definition.unique === true
    const key = pathKey(path)
    wanted.set(key, { path, unique: unique || wanted.get(key)?.unique === true })
  }
  return [...wanted.values()]
}

/** Is there an index that does for the one wanted? */
export function hasIndex(info: TableInfo, column: string, unique: boolean): boolean {
  return indexesOn(info, column).some(index => index.unique || !unique)
}

/** Makes the index that is wanted on a column; a `ConstraintError` if the values are not unique. */
export function makeIndex(
  connection: Connection,
  info: TableInfo,
  table: string,
  column: string,
  wanted: Wanted,
): void {
  if (hasIndex(info, column, wanted.unique)) return
  for (const { name } of indexesOn(info, column)) connection.run(`DROP INDEX ${quoted(name)}`)
  const name = quoted(freeName(connection, `${table}${column.startsWith('/') ? '' : '/'}${column}`))
  const kind = wanted.unique ? 'UNIQUE INDEX' : 'INDEX'
  try {
    connection.run(`CREATE ${kind} ${name} ON ${quoted(table)} (${quoted(column)} COLLATE BINARY)`)
  } catch (error) {
    if (codeOf(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    const problem = `${pathKey(wanted.path)} must be unique, and objects that are stored have the same value`
    throw new StoreError('ConstraintError', problem, { cause: error })
  }
}

/** Drops the indexes on a column, unless they are unique. */
export function dropIndex(connection: Connection, info: TableInfo, column: string): void {
  for (const { name, unique } of indexesOn(info, column)) if (!unique) connection.run(`DROP INDEX ${quoted(name)}`)
}

function freeName(connection: Connection, name: string): string {
  const taken = connection.get('SELECT count(*) FROM sqlite_schema WHERE name = ? COLLATE NOCASE', name)
  return taken === 0n ? name : freeName(connection, `${name}+`)
}
