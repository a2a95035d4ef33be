import { compare } from '../order.js'
import type { Expression, Path } from './expression.js'
import { keyOf } from './key.js'
import { itemReader } from './path.js'
import { define, select } from './project.js'

/** Takes items one by one and makes one value of them; `undefined` if there is none. */
interface Reducer {
  add(item: unknown): void
  result(): unknown
}

/** `count sum mean min max`, over the items or a property of theirs. What is missing or of a wrong type is skipped. */
export function reducer({ name, args }: Expression): Reducer {
  const read = args.length === 0 ? (item: unknown) => item : itemReader(args[0] as Path)
  switch (name) {
    case 'count':
      return counter()
    case 'sum':
    case 'mean':
      return adder(read, name === 'mean')
    default:
      return extreme(read, name === 'min' ? 1 : -1)
  }
}

function counter(): Reducer {
  let count = 0
  return {
    add() {
      count++
    },
    result: () => count,
  }
}

/** Adds numbers and bigints; a sum of bigints alone is a bigint, the sum of nothing 0, the mean of nothing none. */
function adder(read: (item: unknown) => unknown, mean: boolean): Reducer {
  let numbers = 0
  let bigints = 0n
  let count = 0
  let onlyBigints = true
  return {
    add(item) {
      const value = read(item)
      if (typeof value === 'number') {
        numbers += value
        onlyBigints = false
      } else if (typeof value === 'bigint') {
        bigints += value
      } else {
        return
      }
      count++
    },
    result() {
      if (mean) return count === 0 ? undefined : (numbers + Number(bigints)) / count
      return onlyBigints && count > 0 ? bigints : numbers + Number(bigints)
    },
  }
}

function extreme(read: (item: unknown) => unknown, sign: 1 | -1): Reducer {
  let found: unknown
  return {
    add(item) {
      const value = read(item)
      if (value === undefined || value === null) return
      if (found === undefined || compare(value, found) * sign < 0) found = value
    },
    result: () => found,
  }
}

/**
 * Groups by the plain arguments, in the order in which the groups first occur. Each gives an object with these properties
 * and a column 0, 1, … for each reduction that has a result. Objects that lack a property form a group without it.
 */
export function* aggregate(items: Iterable<unknown>, args: readonly unknown[]): Generator<object> {
  const reductions = args.filter(arg => isReduction(arg))
  const paths = args.filter(arg => !isReduction(arg)) as Path[]
  const reads = paths.map(itemReader)
  const only = reads.length === 1 ? reads[0] : undefined
  const pick = select(paths)
  const groups = new Map<unknown, { row: Record<string, unknown>; columns: Reducer[] }>()
  for (const item of items) {
    const key = keyOf(only ? only(item) : reads.map(read => read(item)))
    let group = groups.get(key)
    if (!group) {
      group = { row: pick(item), columns: reductions.map(reducer) }
      groups.set(key, group)
    }
    for (const column of group.columns) column.add(item)
  }
  for (const { row, columns } of groups.values()) {
    columns.forEach((column, position) => {
      const value = column.result()
      if (value !== undefined) define(row, String(position), value)
    })
    yield row
  }
}

const isReduction = (arg: unknown): arg is Expression => typeof arg === 'object' && !Array.isArray(arg)
