/**
 * What a side column holds for a value: numbers and strings as they are; what SQLite has no type for as bytes, the
 * first of which is the rank of the value. NULL is null or missing.
 */
import { createHash } from 'node:crypto'
import { toKey } from '../../lib/id.js'
import { rank } from '../../lib/order.js'
import { keyOf } from '../../lib/query/key.js'
import type { Encoding } from './column.js'
import type { Cell } from './driver.js'

/** Integers below this are SQLite's own; what is beyond is a digest, which is equal to equals but in no order. */
const beyond = 2 ** 63
/** Moves the milliseconds of all Dates above 0. */
const dateOffset = 2n ** 63n

const no = Buffer.of(1, 0)
const yes = Buffer.of(1, 1)

/** Two values have the same cell exactly if `compare` finds them equal. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      if (!Number.isInteger(value)) return value
      return value < beyond && value > -beyond ? BigInt(value) : digest(value)
    case 'bigint':
      return value < beyond && value > -beyond ? value : digest(value)
    case 'boolean':
      return value ? yes : no
    case 'object':
      if (value === null) return null
      return value instanceof Date ? dateCell(value) : digest(value)
    default:
      return null
  }
}

function dateCell(date: Date): Cell {
  const cell = Buffer.alloc(9)
  cell[0] = rank(date)
  cell.writeBigUInt64BE(BigInt(date.getTime()) + dateOffset, 1)
  return cell
}

function digest(value: unknown): Cell {
  const hash = createHash('sha256')
    .update(String(keyOf(value)))
    .digest()
  return Buffer.concat([Buffer.of(rank(value)), hash])
}

/** Does the cell tell less than the value: is it one of several numbers, or in no order among them? */
export function tellsLess(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && (value >= beyond || value <= -beyond))
}

/** Where SQLite's order has the cells of each rank, as SQL. */
const classes: readonly { readonly from?: string; readonly to?: string }[] = [
  {},
  { from: "x'01'", to: "x'02'" },
  { to: "''" },
  { from: "x'03'", to: "x'04'" },
  { from: "''", to: "x''" },
  { from: "x'05'", to: "x'06'" },
  { from: "x'06'", to: "x'07'" },
  { from: "x'07'", to: "x'08'" },
]

/** The encoding of side columns. What is not always true is that numbers beyond SQLite's are among the numbers. */
export const sideEncoding: Encoding = {
  place(value) {
    const cell = cellOf(value)
    const { from, to } = classes[rank(value)] as { from?: string; to?: string }
    return { low: cell, high: cell, exact: true, from, to }
  },
  orders: value => rank(value) < 5 && !(isNumber(value) && cellOf(value) instanceof Uint8Array),
  sorts(least, greatest) {
    if (least instanceof Uint8Array)
      return isOrdered(least[0]) && greatest instanceof Uint8Array && greatest[0] === least[0]
    return typeof least === 'string' ? typeof greatest === 'string' : isNumber(least) && isNumber(greatest)
  },
  value(cell) {
    if (typeof cell === 'bigint') return Number(cell)
    if (!(cell instanceof Uint8Array)) return cell
    if (cell[0] === 1) return cell[1] === 1
    return new Date(Number(Buffer.from(cell).readBigUInt64BE(1) - dateOffset))
  },
  always: (what, value) => what !== 'ordered' || rank(value) !== 2,
}

/** The encoding of the keys of ids: an integer may stand for its decimal string. */
export const keyEncoding: Encoding = {
  ...sideEncoding,
  always: (what, value) => what === 'equal' && typeof value === 'string' && typeof toKey(value) === 'string',
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'
const isOrdered = (tag: number | undefined) => tag === 1 || tag === 3
