import { StoreError } from '../errors.js'
import type { Query, QueryOptions } from '../store.js'
import { type Expression, node } from './expression.js'
import { toExpression } from './operators.js'
import { operatorOf } from './table.js'

export { type Access, accesses } from './access.js'

/** What is asked: first the objects that fulfil the condition, then one stage after the other. */
export interface Plan {
  /** All conditions of the query; `undefined` is everything. */
  readonly condition: Expression | undefined
  readonly stages: readonly Expression[]
}

/**
 * Takes a query apart. Its conditions count wherever they stand among the stages; the stages apply in the order in which
 * they stand, `start` and `end` after them.
 */
export function plan(
  query: Query | undefined,
  { start, end, parameters }: Pick<QueryOptions, 'start' | 'end' | 'parameters'> = {},
): Plan {
  const conditions: Expression[] = []
  const stages: Expression[] = []
  collect(toExpression(query, { parameters }), conditions, stages)
  if (start !== undefined || end !== undefined) stages.push(slice(start, end))
  return { condition: conditions.length > 1 ? node('and', conditions) : conditions[0], stages }
}

function collect({ args }: Expression, conditions: Expression[], stages: Expression[]): void {
  for (const term of args as readonly Expression[]) {
    if (term.name === 'and') collect(term, conditions, stages)
    else if (operatorOf(term.name).kind === 'condition') conditions.push(term)
    else stages.push(term)
  }
}

/** The stage that gives the positions from `start` to before `end`. */
export function slice(start = 0, end = Infinity): Expression {
  const valid = Number.isSafeInteger(start) && start >= 0 && (end === Infinity || Number.isSafeInteger(end))
  if (valid && start <= end) return node('limit', [end - start, start])
  throw new StoreError('DataError', `start and end are positions, start not after end: not ${start} and ${end}`)
}
