import { rank } from '../../lib/order.js'
import type { Column, Place } from './column.js'
import type { Cell } from './driver.js'
import type { Sql } from './sql.js'

/** What lies between two values of one rank, or on one side of a value up to the end of its rank. */
export interface Range {
  readonly column: Column
  readonly place: Place
  readonly lower?: Bound | undefined
  readonly upper?: Bound | undefined
  readonly exact: boolean
  readonly always: boolean
}

interface Bound {
  readonly operator: '>' | '>=' | '<' | '<='
  readonly cell: Cell
}

/** The range that a comparison selects; `undefined` if it is no comparison of order, or nothing is in the range. */
export function rangeOf(name: string, column: Column, value: unknown): Range | undefined {
  if (name === 'between') {
    const [low, high] = value as readonly [unknown, unknown]
    if (rank(low) !== rank(high)) return undefined
    const [from, to] = [rangeOf('ge', column, low), rangeOf('lt', column, high)]
    return from && to && both(from, to)
  }
  if (value === null || !isComparison(name)) return undefined
  const place = column.encoding.place(value)
  if (!place) return undefined
  const cell = name.startsWith('l') ? place.high : place.low
  const always = column.encoding.always('ordered', value)
  if (cell === undefined || !column.encoding.orders(value)) return { column, place, exact: false, always }
  // of a value that may be several cells, the cells themselves are to be looked at
  const operator = place.exact ? operators[name] : operators[closed[name]]
  return { column, place, [name.startsWith('l') ? 'upper' : 'lower']: { operator, cell }, exact: place.exact, always }
}

const operators = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const closed = { lt: 'le', le: 'le', gt: 'ge', ge: 'ge' } as const
type Comparison = keyof typeof operators

function isComparison(name: string): name is Comparison {
  return Object.hasOwn(operators, name)
}

/** A lower and an upper bound of the same column make one range, which an index then answers as one. */
export function merged(ranges: readonly Range[]): Range[] {
  const kept: Range[] = []
  for (const range of ranges) {
    const at = kept.findIndex(other => fits(other, range))
    const other = kept[at]
    if (other) kept[at] = both(other, range)
    else kept.push(range)
  }
  return kept
}

function both(a: Range, b: Range): Range {
  const { lower = a.lower, upper = a.upper } = b
  return { ...a, lower, upper, exact: a.exact && b.exact, always: a.always && b.always }
}

function fits(a: Range, b: Range): boolean {
  const same = a.column === b.column && a.place.from === b.place.from && a.place.to === b.place.to
  return same && !(a.lower && b.lower) && !(a.upper && b.upper)
}

/** Where there is no bound, the range ends with the rank. */
export function rangeSql({ column: { sql }, place, lower, upper, exact, always }: Range): Sql {
  const parts: string[] = []
  if (lower) parts.push(`${sql} ${lower.operator} ?`)
  else if (place.from !== undefined) parts.push(`${sql} >= ${place.from}`)
  if (upper) parts.push(`${sql} ${upper.operator} ?`)
  else if (place.to !== undefined) parts.push(`${sql} < ${place.to}`)
  return {
    text: parts.length === 0 ? `${sql} IS NOT NULL` : parts.join(' AND '),
    cells: [lower, upper].flatMap(bound => (bound ? [bound.cell] : [])),
    exact,
    always,
    found: 'scattered',
  }
}
