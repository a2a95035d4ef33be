import { compare } from '../order.js'
import type { Path } from './expression.js'
import { itemReader } from './path.js'

export interface SortKey {
  readonly path: Path
  readonly descending: boolean
}

/** The keys of a `sort`: a sign before the name says the direction, `+` or none is ascending. */
export function sortKeys(args: readonly unknown[]): SortKey[] {
  return (args as readonly Path[]).map(arg => {
    const [first = '', ...names] = typeof arg === 'string' ? [arg] : arg
    const name = /^[+-]/.test(first) ? first.slice(1) : first
    return { path: names.length === 0 ? name : [name, ...names], descending: first.startsWith('-') }
  })
}

interface Row {
  readonly item: unknown
  readonly keys: readonly unknown[]
}

/**
 * The items in order, ties as they came; only the first `max` of them. Keeps twice as many as it gives, so a few of many
 * cost one comparison each and no memory.
 */
export function* sorted(items: Iterable<unknown>, args: readonly unknown[], max = Infinity): Generator<unknown> {
  const keys = sortKeys(args)
  const reads = keys.map(({ path }) => itemReader(path))
  const signs = keys.map(({ descending }) => (descending ? -1 : 1))
  const order = (a: Row, b: Row) => {
    for (let position = 0; position < signs.length; position++) {
      const sign = compareValues(a.keys[position], b.keys[position])
      if (sign !== 0) return sign * (signs[position] as number)
    }
    return 0
  }
  const room = 2 * Math.max(max, 32)
  const rows: Row[] = []
  let last: Row | undefined
  for (const item of items) {
    const row = { item, keys: reads.map(read => read(item)) }
    // a tie with the last that fits comes after it
    if (last && order(row, last) >= 0) continue
    if (rows.push(row) < room) continue
    rows.sort(order).length = max
    last = rows[max - 1]
  }
  for (const { item } of rows.sort(order).slice(0, max)) yield item
}

/** Numbers, the usual keys, without the way through all types. */
function compareValues(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compare(a, b)
}
