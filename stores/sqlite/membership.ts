import type { Column } from './column.js'
import { isNull, joined, never, type Sql } from './sql.js'

/**
 * How many values of a list may be parameters each, as fractions are: SQLite does not read all of them exactly from
 * text. The others are one parameter together.
 */
const maxParts = 64

/** Is the value of the column this one? `undefined` if SQLite cannot tell. */
export function equal(column: Column, value: unknown): Sql | undefined {
  if (value === null) return isNull(column)
  const { sql, encoding } = column
  const place = encoding.place(value)
  const always = encoding.always('equal', value)
  if (!place) return { ...never, always }
  const { low, high, exact } = place
  if (low === undefined || high === undefined) return undefined
  if (exact) return { text: `${sql} = ?`, cells: [low], exact, always, found: 'in order' }
  return { text: `${sql} >= ? AND ${sql} <= ?`, cells: [low, high], exact, always, found: 'scattered' }
}

/**
 * Is the value of the column one of these? `undefined` if SQLite cannot tell. One statement does for lists of any
 * length.
 */
export function among(column: Column, values: readonly unknown[]): Sql | undefined {
  if (values.length === 1) return equal(column, values[0])
  const texts: (string | bigint)[] = []
  const bytes: Uint8Array[] = []
  const parts: Sql[] = []
  let always = true
  for (const value of values) {
    if (value === null) continue
    const part = equal(column, value)
    if (!part) return undefined
    always &&= part.always
    const [cell] = part.cells
    if (part.exact && (typeof cell === 'string' || typeof cell === 'bigint')) texts.push(cell)
    else if (part.exact && cell instanceof Uint8Array) bytes.push(cell)
    else if (part.text !== never.text) parts.push(part)
  }
  if (parts.length > maxParts) return undefined
  if (values.includes(null)) parts.push(isNull(column))
  if (texts.length > 0) parts.push(listed(column, 'value', `[${texts.map(json).join()}]`))
  if (bytes.length > 0) parts.push(listed(column, 'unhex(value)', JSON.stringify(bytes.map(hex))))
  const all = joined(parts, ' OR ', true) ?? never
  return { ...all, always: always && all.always }
}

function listed({ sql }: Column, item: string, list: string): Sql {
  const text = `${sql} IN (SELECT ${item} FROM json_each(?))`
  return { text, cells: [list], exact: true, always: true, found: 'scattered' }
}

const json = (item: string | bigint) => (typeof item === 'bigint' ? `${item}` : JSON.stringify(item))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
