/**
 * Conditions as SQL. Exact where SQLite decides as `match` does; else it lets pass what matches and perhaps more, so
 * that the rows are to be checked. True of all rows that are not marked.
 */
import type { Expression } from '../../lib/query/expression.js'
import { type Column, type Columns, columnAt } from './column.js'
import { among, equal } from './membership.js'
import { merged, type Range, rangeOf, rangeSql } from './range.js'
import { isNull, joined, negated, never, type Sql } from './sql.js'

/**
 * More conditions than these are left to `match`: SQLite's expressions may not be nested deeper than 1,000 levels.
 */
const maxTerms = 200

/** The comparisons that a column can decide, with their arguments. */
const leastArguments = new Map([
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'out', 'between'].map(name => [name, 2] as const),
  ['exists', 1],
])

/** The condition as far as the columns can tell; `undefined` if they cannot tell anything. */
export function conditionSql(condition: Expression | undefined, columns: Columns): Sql | undefined {
  let count = 0

  function translate(term: Expression): Sql | undefined {
    if (++count > maxTerms) return undefined
    const { name, args } = term
    if (name === 'and') return every(args as readonly Expression[])
    if (name === 'or') return some(args as readonly Expression[])
    if (name === 'not') return negated(translate(args[0] as Expression))
    const column = columnOf(term)
    return column && comparison(name, column, args[1])
  }

  /** The column that a comparison is about. Without a path it would be about the object itself. */
  function columnOf({ name, args }: Expression): Column | undefined {
    const least = leastArguments.get(name)
    return least !== undefined && args.length >= least ? columnAt(columns, args[0]) : undefined
  }

  function every(terms: readonly Expression[]): Sql | undefined {
    if (terms.length === 1) return translate(terms[0] as Expression)
    const ranges: Range[] = []
    const others: Expression[] = []
    for (const term of terms) {
      const column = columnOf(term)
      const range = column && rangeOf(term.name, column, term.args[1])
      if (range) ranges.push(range)
      else others.push(term)
    }
    const parts = [...merged(ranges).map(counted), ...others.map(translate)]
    const known = parts.filter(part => part !== undefined)
    return joined(known, ' AND ', known.length === parts.length)
  }

  function counted(range: Range): Sql | undefined {
    return ++count > maxTerms ? undefined : rangeSql(range)
  }

  function some(terms: readonly Expression[]): Sql | undefined {
    const lists = new Map<Column, unknown[]>()
    const others: Expression[] = []
    for (const term of terms) {
      const column = term.name === 'eq' || term.name === 'in' ? columnOf(term) : undefined
      if (!column) {
        others.push(term)
        continue
      }
      const list = lists.get(column) ?? []
      lists.set(column, list)
      if (term.name === 'eq') list.push(term.args[1])
      else for (const value of term.args[1] as readonly unknown[]) list.push(value)
    }
    const parts = [...Array.from(lists, ([column, list]) => among(column, list)), ...others.map(translate)]
    const known = parts.filter(part => part !== undefined)
    if (parts.length === 0) return never
    return known.length === parts.length ? joined(known, ' OR ', true) : undefined
  }

  return condition && translate(condition)
}

function comparison(name: string, column: Column, value: unknown): Sql | undefined {
  switch (name) {
    case 'exists':
      return isNull(column, value === false)
    case 'eq':
      return equal(column, value)
    case 'ne':
      return negated(equal(column, value))
    case 'in':
      return among(column, value as readonly unknown[])
    case 'out':
      return negated(among(column, value as readonly unknown[]))
    case 'le':
    case 'ge':
      if (value === null) return isNull(column)
      return ordered(name, column, value)
    case 'lt':
    case 'gt':
    case 'between':
      return ordered(name, column, value)
    default:
      return undefined
  }
}

function ordered(name: string, column: Column, value: unknown): Sql {
  const range = rangeOf(name, column, value)
  return range ? rangeSql(range) : { ...never, always: column.encoding.always('ordered', value) }
}
