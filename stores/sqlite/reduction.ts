/** Reductions that SQLite can do: `count sum mean min max`, where its result is sure to be ours. */
import type { Plan } from '../../lib/query/plan.js'
import { type Column, columnAt } from './column.js'
import type { Connection } from './connection.js'
import type { Cell } from './driver.js'
import type { Layout } from './layout.js'
import { hasMarked, type Question, question } from './question.js'

/** Below this, sums of integers are exact in whatever order they are added. */
const exactSum = 2 ** 52

/**
 * What a plan gives that is nothing but a condition and a reduction; `undefined` if it is to be worked out from the
 * objects.
 */
export function reduction(connection: Connection, layout: Layout, { condition, stages }: Plan): unknown[] | undefined {
  const [stage, ...others] = stages
  if (!stage || others.length > 0 || !names.has(stage.name)) return undefined
  const column = stage.args.length > 0 ? columnAt(layout.columns, stage.args[0]) : undefined
  if (!column && stage.name !== 'count') return undefined
  const asked = question(connection, layout, { condition, stages: [] })
  if (!asked.exact) return undefined
  if (!column) return [rowCount(connection, asked)]
  if (hasMarked(connection, layout)) return undefined
  return stage.name === 'sum' || stage.name === 'mean'
    ? total(connection, asked, column, stage.name === 'mean')
    : extreme(connection, asked, column, stage.name === 'min')
}

const names = new Set(['count', 'sum', 'mean', 'min', 'max'])

/** How many rows fulfil the condition. */
export function rowCount(connection: Connection, { unordered, cells }: Question): number {
  return Number(connection.get(`SELECT count(*) ${unordered}`, ...cells))
}

function extreme(connection: Connection, { unordered, cells }: Question, { sql, encoding }: Column, least: boolean) {
  const ends = connection.get(`SELECT min(${sql}), max(${sql}) ${unordered}`, ...cells) as [Cell, Cell]
  if (ends[0] === null) return []
  return encoding.sorts(...ends) ? [encoding.value(ends[least ? 0 : 1])] : undefined
}

function total(connection: Connection, { unordered, cells }: Question, { sql, encoding }: Column, mean: boolean) {
  if (typeof encoding.value(1n) !== 'number') return undefined
  const integer = `FILTER (WHERE typeof(${sql}) = 'integer')`
  const columns = [
    `total(${sql}) ${integer}`,
    `count(*) ${integer}`,
    `total(abs(${sql} * 1.0)) ${integer}`,
    `count(*) FILTER (WHERE typeof(${sql}) = 'real')`,
  ]
  const [sum, count, size, reals] = connection.get(`SELECT ${columns.join(', ')} ${unordered}`, ...cells) as [
    number,
    bigint,
    number,
    bigint,
  ]
  // fractions are rounded, and differently in another order
  if (reals > 0n || size > exactSum) return undefined
  if (mean) return count === 0n ? [] : [sum / Number(count)]
  return [sum]
}
