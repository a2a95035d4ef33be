/** Which questions may be asked through a facet. */
import { type Expression, isExpression, type Path } from '../../lib/query/expression.js'
import { plan } from '../../lib/query/plan.js'
import { operatorOf, slotAt } from '../../lib/query/table.js'
import type { QueryOptions } from '../../lib/store.js'
import type { Policy } from './policy.js'
import { refuse } from './refusal.js'

/** Refuses what may not be asked: an operator, a property, too much. */
export function vet(query: Expression, policy: Policy): void {
  if (costOf(query) > policy.maxCost)
    refuse('NotAllowedError', `a query may have ${policy.maxCost} operators and values here`)
  vetTerm(query, policy)
}

/** Refuses a query that could give more than the most. Every stage counts, the last does not win. */
export function vetLimit(query: Expression, { maxLimit }: Policy, options: QueryOptions): void {
  if (maxLimit === Infinity) return
  let most = Infinity
  for (const { name, args } of plan(query, options).stages) {
    if (name === 'limit') most = Math.min(most, args[0] as number)
    else if (name === 'first' || name === 'one' || operatorOf(name).kind === 'reduction') most = Math.min(most, 1)
    else if (name === 'recurse') most = Infinity
  }
  if (most > maxLimit) refuse('NotAllowedError', `a query needs a limit here, of at most ${maxLimit}`)
}

function costOf(value: unknown): number {
  if (isExpression(value)) return value.args.reduce<number>((sum, each) => sum + costOf(each), 1)
  return Array.isArray(value) ? value.reduce<number>((sum, each) => sum + costOf(each), 0) : 1
}

/** These tell nothing of the objects themselves; any other that names no property looks at them as a whole. */
const picking = new Set(['select', 'unselect'])
const neutral = new Set(['and', 'or', 'not', 'limit', 'first', 'one', 'count'])

/** Inside, it is about the elements of an array, which has been vetted, and not about the objects. */
function vetTerm({ name, args }: Expression, policy: Policy, inside = false): void {
  // an `and` joins what was asked, and is always there
  if (name !== 'and' && !policy.operators.has(name))
    refuse(
      'NotAllowedError',
      `${name} cannot be asked here`,
      `${name} cannot be asked here: it is not among the operators`,
    )
  const operator = operatorOf(name)
  let named = neutral.has(name)
  args.forEach((argument, position) => {
    const slot = slotAt(operator, position, args.length)
    const names = slot === 'path' || slot === 'key' || slot === 'column'
    // it gives what is around the property as well
    named ||= names && name !== 'recurse'
    // what a link leads to has a facet of its own
    if (name === 'rel') return
    if (isExpression(argument)) vetTerm(argument, policy, inside || slot === 'item')
    else if (!inside && names) vetPath(argument as Path, slot, policy, name)
  })
  if ((policy.hides || policy.getters.size > 0) && !named && !inside) {
    refuse('NotAllowedError', `${name} would tell of properties that cannot be seen here`)
  }
}

function vetPath(path: Path, slot: string, { readable, getters, indexed }: Policy, operator: string): void {
  const [first = ''] = [path].flat()
  const name = slot === 'key' ? first.replace(/^[+-]/, '') : first
  if (!readable(name)) refuse('NotAllowedError', `${name} cannot be seen here`)
  // else what is stored could be told from the answers
  if (getters.has(name) && !picking.has(operator)) {
    refuse('NotAllowedError', `${name} is computed here, and can be selected, but not asked by`)
  }
  const asks = operator === 'sort' || operatorOf(operator).kind === 'condition'
  if (asks && indexed && !indexed.has(name)) {
    const those = [...indexed].filter(readable).join(', ')
    refuse('NotAllowedError', `${name} has no index, and cannot be asked by here; what can is ${those}`)
  }
}
