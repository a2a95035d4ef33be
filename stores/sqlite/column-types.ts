/** The types of columns that hold one property each: what they can hold, and how. */
import { StoreError } from '../../lib/errors.js'
import { parse, stringify } from '../../lib/json.js'
import { rank } from '../../lib/order.js'
import type { Affinity } from './affinity.js'
import { becomesNumber } from './affinity.js'
import type { Encoding, Place } from './column.js'
import type { Cell } from './driver.js'
import { nativeEncoding, nativePlace, nativeValue, numberCell } from './native.js'

/** `date` is ISO 8601 text in UTC, `json` any value as text, `boolean` 0 or 1. */
export type ColumnType = 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'bigint' | 'bytes' | 'json'

/** How the values of a property are cells of its column. */
export interface Codec {
  /** The cell of a value; `undefined` if it would not be read back as it was. */
  write(value: unknown): Cell | undefined
  /**
   * The value of a cell; `undefined` if there is none. What another program has written is read as well as it can be.
   */
  read(cell: Cell): unknown
  /** For conditions; without it they are left to us. */
  readonly encoding?: Encoding
}

/** The type that a column is declared with in a table that is made here. */
export const declared: Record<ColumnType, string> = {
  string: 'TEXT',
  number: 'REAL',
  integer: 'INTEGER',
  boolean: 'INTEGER',
  date: 'TEXT',
  bigint: 'INTEGER',
  bytes: 'BLOB',
  json: 'TEXT',
}

/** The declared types that would change values, by the type of the values. */
const unfit: Partial<Record<ColumnType, readonly Affinity[]>> = {
  number: ['text'],
  integer: ['text'],
  boolean: ['text'],
  bigint: ['text', 'real'],
}

/** How a column of this type and affinity holds values; a `NotSupportedError` if it would change them. */
export function codecOf(type: ColumnType, affinity: Affinity, column: string): Codec {
  if (!Object.hasOwn(codecs, type)) throw new TypeError(`the column ${column} cannot be of the type ${type}`)
  if (unfit[type]?.includes(affinity)) {
    throw new StoreError('NotSupportedError', `the column ${column} is declared so that it cannot hold a ${type}`)
  }
  return codecs[type](affinity)
}

const codecs: Record<ColumnType, (affinity: Affinity) => Codec> = {
  string: affinity => native(affinity, value => typeof value === 'string' && !becomesNumber(value, affinity)),
  number: affinity => native(affinity, value => typeof value === 'number'),
  integer: affinity => native(affinity, Number.isSafeInteger),
  bytes: affinity => native(affinity, value => value instanceof Uint8Array),
  bigint: affinity => {
    const read = (cell: Cell) => (typeof cell === 'bigint' ? cell : nativeValue(cell))
    return {
      write: value => (typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined),
      read,
      encoding: nativeEncoding(affinity, read),
    }
  },
  boolean: affinity => {
    const read = (cell: Cell) => (cell === 1n || cell === 0n ? cell === 1n : nativeValue(cell))
    return {
      write: value => (typeof value === 'boolean' ? (value ? 1n : 0n) : undefined),
      read,
      encoding: {
        place: value => booleanPlace(value, affinity),
        orders: isOrderedBeside,
        sorts: () => false,
        value: read,
        always: () => false,
      },
    }
  },
  date: affinity => {
    const read = (cell: Cell) => (typeof cell === 'string' ? (dateOf(cell) ?? cell) : nativeValue(cell))
    return {
      write: value => (value instanceof Date && isPlainYear(value) ? value.toISOString() : undefined),
      read,
      encoding: {
        place: value => datePlace(value, affinity),
        orders: () => true,
        sorts: () => false,
        value: read,
        always: () => false,
      },
    }
  },
  json: affinity => ({
    // a number as text would become a number all the same, but not always the same one
    write: value => (typeof value === 'number' && affinity !== 'text' ? numberCell(value) : stringify(value)),
    read: cell => (typeof cell === 'string' ? jsonOf(cell) : nativeValue(cell)),
  }),
}

function native(affinity: Affinity, holds: (value: unknown) => boolean): Codec {
  return {
    write: value => (holds(value) ? cellOf(value) : undefined),
    read: nativeValue,
    encoding: nativeEncoding(affinity, nativeValue),
  }
}

const cellOf = (value: unknown) => (typeof value === 'number' ? numberCell(value) : (value as Cell))

/** 0 and 1 are false and true, so that no number is equal to them; any other number stays one. */
function booleanPlace(value: unknown, affinity: Affinity): Place | undefined {
  if (typeof value !== 'boolean') {
    const place = nativePlace(value, affinity)
    return rank(value) === 2 ? place && { to: place.to, exact: false } : place
  }
  const cell = value ? 1n : 0n
  return { to: "''", low: cell, high: cell, exact: true }
}

const isOrderedBeside = (value: unknown) => rank(value) > 2

/** A day may be written in several ways, but all of them begin with it. */
function datePlace(value: unknown, affinity: Affinity): Place | undefined {
  const texts = { from: "''", to: "x''", exact: false }
  if (typeof value === 'string') return texts
  if (!(value instanceof Date)) return nativePlace(value, affinity)
  if (!isPlainYear(value)) return texts
  const day = value.toISOString().slice(0, 10)
  return { ...texts, low: day, high: `${day}~` }
}

/** Others have more digits, and so another order as text. */
function isPlainYear(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 0 && year <= 9999
}

/** The moment that a text of ours or of SQLite's own functions stands for. */
function dateOf(text: string): Date | undefined {
  const [, day, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z?)?$/.exec(text) ?? []
  if (day === undefined) return undefined
  const date = new Date(`${day}T${time}Z`)
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(day) ? undefined : date
}

function jsonOf(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return text
  }
}
