/** Changes of rows in a form that can be kept, and made again without the store that made them. */
import { StoreError } from '../../lib/errors.js'
import { parse, stringify } from '../../lib/json.js'
import { quoted } from './column.js'
import type { Connection } from './connection.js'
import type { Cell } from './driver.js'

/** What the rows of a store are called. */
export interface RowNames {
  readonly table: string
  /** The column of the ids. */
  readonly id: string
  /** All columns of a row, that of the ids too, in the order of its cells. */
  readonly columns: readonly string[]
}

/** A row as it was put, or the cell of the id of one that was deleted. */
export type RowChange = (RowNames & { readonly cells: readonly Cell[] }) | DeletedRow

interface DeletedRow extends Omit<RowNames, 'columns'> {
  readonly key: Cell
}

/** An insert that changes the row if it is there. */
export function upsertOf(insert: string, { id, columns }: Omit<RowNames, 'table'>): string {
  const changes = columns.filter(name => name !== id).map(name => `${quoted(name)} = excluded.${quoted(name)}`)
  return `${insert} ON CONFLICT (${quoted(id)}) DO ${changes.length === 0 ? 'NOTHING' : `UPDATE SET ${changes.join(', ')}`}`
}

/** An insert that names its columns, so that there may be others. */
export function insertInto({ table, columns }: RowNames): string {
  return `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

/** Makes a change. Of what was kept only names and values are used: a file that somebody gave us says nothing in SQL. */
export function redo({ run }: Connection, change: RowChange): void {
  if ('key' in change) {
    run(`DELETE FROM ${quoted(change.table)} WHERE ${quoted(change.id)} COLLATE BINARY = ?`, change.key)
  } else {
    run(upsertOf(insertInto(change), change), ...change.cells)
  }
}

export function printChanges(changes: readonly RowChange[]): string {
  return stringify(changes)
}

export function readChanges(text: string): RowChange[] {
  const changes = parse(text)
  if (Array.isArray(changes) && changes.every(isChange)) return changes
  throw new StoreError('DataError', 'these are no changes of rows')
}

function isChange(value: unknown): value is RowChange {
  const { table, id, key, columns, cells } = (value ?? {}) as Record<string, unknown>
  if (typeof table !== 'string' || typeof id !== 'string') return false
  if (key !== undefined) return isCell(key)
  const isRow = Array.isArray(columns) && Array.isArray(cells) && columns.length === cells.length
  return isRow && columns.every(name => typeof name === 'string') && cells.every(isCell)
}

function isCell(value: unknown): boolean {
  return value === null || ['bigint', 'number', 'string'].includes(typeof value) || value instanceof Uint8Array
}
