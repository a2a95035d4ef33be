/** Values as SQLite itself has them: numbers, text and bytes. */
import { rank } from '../../lib/order.js'
import { type Affinity, becomesNumber } from './affinity.js'
import type { Encoding, Place } from './column.js'
import type { Cell } from './driver.js'

const least = -(2n ** 63n)
const greatest = 2n ** 63n - 1n

/** The cell of a number: an integer where it is one. */
export function numberCell(value: number | bigint): bigint | number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? numberCell(BigInt(value)) : value
  if (value >= least && value <= greatest) return value
  const number = Number(value)
  return Number.isFinite(number) && BigInt(number) === value ? number : undefined
}

/** The value of a cell that somebody may have written who knows nothing of us; `undefined` for NULL. */
export function nativeValue(cell: Cell): unknown {
  switch (typeof cell) {
    case 'bigint': {
      const number = Number(cell)
      return BigInt(number) === cell ? number : cell
    }
    case 'object':
      return cell === null ? undefined : new Uint8Array(cell)
    default:
      return cell
  }
}

const numbers = { to: "''" }
const texts = { from: "''", to: "x''" }
const bytes = { from: "x''" }

/**
 * The encoding of a column whose cells are read by `value`, as `nativeValue` does at least for what is asked for
 * here.
 */
export function nativeEncoding(affinity: Affinity, value: (cell: Cell) => unknown): Encoding {
  return {
    place: constant => nativePlace(constant, affinity),
    orders: () => true,
    sorts: (a, b) => kindOf(a) === kindOf(b),
    value,
    always: () => false,
  }
}

export function nativePlace(value: unknown, affinity: Affinity): Place | undefined {
  switch (rank(value)) {
    case 2: {
      // a column of text holds no number, but would compare with one as text
      if (affinity === 'text') return undefined
      const cell = numberCell(value as number)
      return cell === undefined ? { ...numbers, exact: false } : { ...numbers, low: cell, high: cell, exact: true }
    }
    case 4: {
      const text = value as string
      if (becomesNumber(text, affinity)) return { ...texts, exact: false }
      return { ...texts, low: text, high: text, exact: true }
    }
    case 5:
      return { ...bytes, low: value as Uint8Array, high: value as Uint8Array, exact: true }
    default:
      return undefined
  }
}

function kindOf(cell: Cell): string {
  return typeof cell === 'bigint' ? 'number' : typeof cell
}
