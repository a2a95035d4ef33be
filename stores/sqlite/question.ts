import type { Expression } from '../../lib/query/expression.js'
import type { Plan } from '../../lib/query/plan.js'
import { sortKeys } from '../../lib/query/sort.js'
import { type Column, columnAt } from './column.js'
import { conditionSql } from './condition.js'
import type { Connection } from './connection.js'
import type { Cell } from './driver.js'
import type { Layout } from './layout.js'
import type { Sql } from './sql.js'

/** A plan as far as SQLite can answer it. */
export interface Question {
  /** What follows the list of columns in a SELECT, up to the order. */
  readonly from: string
  /** The same where the order does not matter. */
  readonly unordered: string
  readonly cells: readonly Cell[]
  /** The order of the rows. */
  readonly order: string
  /** Which of the rows: how many, and how many are passed over before them. */
  readonly count: number
  readonly start: number
  /** Do all of the rows fulfil the condition? */
  readonly exact: boolean
  /** What is left to do with the rows. */
  readonly rest: Plan
}

const maxKeys = 8

/** Finds out how much of a plan the columns decide, given what they hold in the state that the connection sees. */
export function question(connection: Connection, layout: Layout, { condition, stages }: Plan): Question {
  const sql = conditionSql(condition, layout.columns)
  const [first, ...others] = stages
  const keys = first?.name === 'sort' ? keysOf(first, layout) : undefined
  const marked = !(sql?.always ?? true) || keys?.always === false ? hasMarked(connection, layout) : false
  const exact = condition === undefined || (sql?.exact === true && (sql.always || !marked))
  const order = keys && (keys.always || !marked) ? orderSql(connection, layout, keys.keys) : undefined
  const left = order === undefined ? stages : others
  const limit = exact ? limitOf(left[0]) : undefined
  return {
    from: fromSql(layout, sql, marked && sql?.always === false, order !== undefined),
    unordered: `FROM ${layout.sql.table}${sql ? ` WHERE ${sql.text}` : ''}`,
    cells: sql?.cells ?? [],
    exact,
    order: order === undefined ? layout.sql.order : `${order}, ${layout.sql.order}`,
    ...(limit ?? everything),
    rest: { condition: exact ? undefined : condition, stages: limit ? left.slice(1) : left },
  }
}

const everything = { count: Infinity, start: 0 }

/**
 * Where rows come from several places of an index they have to be sorted by their ids: first the ids alone, then the
 * rows in that order, as sorting whole rows costs far more.
 */
function fromSql(
  { sql: { table, id, marked } }: Layout,
  sql: Sql | undefined,
  withMarked: boolean,
  sorted: boolean,
): string {
  if (!sql) return `FROM ${table}`
  if (!withMarked && (sql.found !== 'scattered' || sorted)) return `FROM ${table} WHERE ${sql.text}`
  const ids = `SELECT ${id} FROM ${table} WHERE`
  const more = withMarked ? ` UNION ALL ${ids} ${marked}` : ''
  return `FROM ${table} WHERE ${id} IN (${ids} ${sql.text}${more})`
}

/** Are there rows whose columns do not tell everything? */
export function hasMarked(connection: Connection, { sql: { table, marked } }: Layout): boolean {
  if (marked === undefined) return false
  connection.steady()
  return connection.get(`SELECT 1 FROM ${table} WHERE ${marked} LIMIT 1`) !== undefined
}

interface Key {
  readonly column: Column
  readonly descending: boolean
}

/** The keys of a sort, if there is a column for each. */
function keysOf({ args }: Expression, { columns }: Layout): { keys: Key[]; always: boolean } | undefined {
  const keys = sortKeys(args).flatMap(({ path, descending }) => {
    const column = columnAt(columns, path)
    return column ? [{ column, descending }] : []
  })
  if (keys.length < args.length || keys.length > maxKeys) return undefined
  return { keys, always: keys.every(({ column }) => column.encoding.always('sorted')) }
}

/** The keys as SQL, if SQLite has the values of each in our order. */
function orderSql(connection: Connection, { sql: { table } }: Layout, keys: readonly Key[]): string | undefined {
  connection.steady()
  const parts: string[] = []
  for (const { column, descending } of keys) {
    const ends = `SELECT (SELECT min(${column.sql}) FROM ${table}), (SELECT max(${column.sql}) FROM ${table})`
    const [least, greatest] = connection.get(ends) as [Cell, Cell]
    if (least !== null && !column.encoding.sorts(least, greatest)) return undefined
    parts.push(descending ? `${column.sql} DESC` : column.sql)
  }
  return parts.join(', ')
}

/** How many items a stage lets through, and after how many, if that is all it does. */
export function limitOf(stage: Expression | undefined): { count: number; start: number } | undefined {
  if (stage?.name === 'first') return { count: 1, start: 0 }
  if (stage?.name !== 'limit') return undefined
  const [count = Infinity, start = 0] = stage.args as readonly number[]
  return { count, start }
}
