/**
 * Rows are marked whose columns do not tell everything: a number that is out of the order of the others, an id in
 * another form, a value that its column cannot hold. Their documents begin with a space, which JSON allows and which
 * sorts before any other document, so that an index finds them at once. There are hardly ever any.
 */
import { quoted } from './column.js'
import type { Connection } from './connection.js'

export interface Marked {
  readonly table: string
  readonly idColumn: string
  readonly objectColumn: string
}

/** The text of a document, marked or not. */
export function marked(text: string, so: boolean): string {
  return so ? ` ${text}` : text
}

/** Is a row marked? As SQL. */
export function isMarked(objectColumn: string): string {
  return `${quoted(objectColumn)} < '{'`
}

export function markIndexName(table: string): string {
  return `${table} marked`
}

/** Makes the index that finds marked rows. While there are none it costs nothing. */
export function makeMarkIndex({ run }: Connection, { table, idColumn, objectColumn }: Marked): void {
  const name = quoted(markIndexName(table))
  run(`CREATE INDEX IF NOT EXISTS ${name} ON ${quoted(table)} (${quoted(idColumn)}) WHERE ${isMarked(objectColumn)}`)
}
