import { StoreError } from '../../lib/errors.js'
import { compare } from '../../lib/order.js'
import { node } from '../../lib/query/expression.js'
import { reducer } from '../../lib/query/reduce.js'
import { copy } from '../../lib/value.js'
import { isPromise } from '../../lib/when.js'
import { checkedValue, reasonOf } from './emitted.js'
import type { Row } from './rows.js'
import type { Reduce, ReducedRow } from './types.js'

/** What the reductions with a name give. Those of numbers skip what is none; `null` where there is nothing to take it of. */
export interface BuiltIns {
  count: number
  sum: number | bigint
  mean: number | null
  min: unknown
  max: unknown
  stats: Stats
}

export interface Stats {
  readonly count: number
  readonly sum: number | bigint
  readonly mean: number | null
  readonly min: unknown
  readonly max: unknown
}

const plain = ['count', 'sum', 'mean', 'min', 'max'] as const

export const builtIns: readonly string[] = [...plain, 'stats']

/** Rows of which one is made. */
export interface Group {
  readonly key: unknown
  readonly rows: readonly Row[]
}

/** All rows, if there are any. */
export function* whole(rows: Iterable<Row>): Generator<Group> {
  const all = [...rows]
  if (all.length > 0) yield { key: null, rows: all }
}

/** Those that have the same key, up to so many items of it. */
export function* groups(rows: Iterable<Row>, level: number): Generator<Group> {
  let group: { readonly key: unknown; readonly rows: Row[] } | undefined
  for (const row of rows) {
    const key = groupKey(row.key, level)
    if (group && compare(group.key, key) === 0) {
      group.rows.push(row)
      continue
    }
    if (group) yield group
    group = { key, rows: [row] }
  }
  if (group) yield group
}

export function groupKey(key: unknown, level: number): unknown {
  return Array.isArray(key) && key.length > level ? key.slice(0, level) : key
}

/** The row that is made of a group. What goes wrong is an `InvalidStateError` that names the view. */
export function reduced({ key, rows }: Group, reduce: Reduce | keyof BuiltIns, name: string): ReducedRow {
  if (typeof reduce === 'string') return { key: copy(key), value: builtIn(reduce, rows) }
  try {
    const keys = rows.map(row => copy(row.key))
    const value = reduce(
      keys,
      rows.map(row => copy(row.value)),
    )
    if (isPromise(value)) value.catch(() => {})
    return { key: copy(key), value: checkedValue(value, 'result') }
  } catch (cause) {
    throw new StoreError('InvalidStateError', `the reduce of the view ${name} failed: ${reasonOf(cause)}`, {
      method: 'view',
      cause,
    })
  }
}

function builtIn(name: keyof BuiltIns, rows: readonly Row[]): unknown {
  if (name === 'stats') return Object.fromEntries(plain.map(each => [each, builtIn(each, rows)]))
  const { add, result } = reducer(node(name, []))
  for (const { value } of rows) add(value)
  return copy(result() ?? null)
}
