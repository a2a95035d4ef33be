import type { Path } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Cell } from './driver.js'

/** A column that holds the values of a property, so that SQLite can answer for them. */
export interface Column {
  readonly path: Path
  readonly name: string
  /** How it stands in a comparison. */
  readonly sql: string
  readonly encoding: Encoding
}

/** Where the cells of a value lie among the cells of the column. */
export interface Place {
  /** The cells of equal values are these and between. */
  readonly low?: Cell
  readonly high?: Cell
  /** Is it one cell, which nothing else has? */
  readonly exact: boolean
  /** As SQL: the cells of the values that it compares with lie from here … */
  readonly from?: string | undefined
  /** … to before here. */
  readonly to?: string | undefined
}

/** How values are cells. NULL is always null or missing, and these never are asked about that. */
export interface Encoding {
  /** Where the value is; `undefined` where it cannot be. */
  place(value: unknown): Place | undefined
  /** Do cells compare with its place as values compare with it? */
  orders(value: unknown): boolean
  /** Are cells between these two in the order of their values? */
  sorts(least: Cell, greatest: Cell): boolean
  /** The value of a cell that sorts. */
  value(cell: Cell): unknown
  /**
   * Is this true of marked rows too: which are null, which are equal to the value, are ordered with it, how all are
   * sorted?
   */
  always(what: 'null' | 'equal' | 'ordered' | 'sorted', value?: unknown): boolean
}

/** The columns by the properties they hold. */
export type Columns = ReadonlyMap<string, Column>

export function columnAt(columns: Columns, path: unknown): Column | undefined {
  return columns.get(pathKey(path as Path))
}

/** A name as SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
