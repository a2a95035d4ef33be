import { type Expression, isExpression, node, type Path } from '../query/expression.js'
import { type Plan, plan } from '../query/plan.js'
import { sortKeys } from '../query/sort.js'
import type { Query, QueryOptions } from '../store.js'
import type { Mark } from './mark.js'

/** A query about the objects that are seen, as a query to the inner store and what is left to do. */
export interface Question {
  /** What the inner store is asked, with the condition that selects what is seen. */
  asked(seen: Expression): Expression
  /** What the inner store cannot do, as it would see the mark. */
  readonly rest: Plan
  /** Does the inner store give something made of the objects, which has no mark? */
  readonly projected: boolean
}

export function question(mark: Mark, query: Query | undefined, options: QueryOptions): Question {
  const { condition, stages } = plan(query, options)
  const { inside, outside } = divided(mark, condition)
  const { count, projected } = outside.length > 0 ? { count: 0, projected: false } : passing(mark, stages)
  return {
    asked: seen => node('and', [...inside, seen, ...stages.slice(0, count)]),
    rest: { condition: outside.length > 0 ? node('and', outside) : undefined, stages: stages.slice(count) },
    projected,
  }
}

/** The conditions that the inner store can decide, and the others. */
export function divided(mark: Mark, condition: Expression | undefined) {
  const conditions =
    condition?.name === 'and' ? (condition.args as readonly Expression[]) : condition ? [condition] : []
  const known = (each: Expression) => isInside(mark, each)
  return { inside: conditions.filter(known), outside: conditions.filter(each => !known(each)) }
}

/** Is it about properties only, which the inner store knows by the same names? */
function isInside(mark: Mark, { name, args }: Expression): boolean {
  if (mark.shown) return true
  if (name === 'and' || name === 'or' || name === 'not') {
    return (args as readonly Expression[]).every(each => isInside(mark, each))
  }
  return args.length >= (name === 'exists' ? 1 : 2) && mark.knows(args[0] as Path)
}

/** How many of the stages the inner store can do, and whether they leave something else than the objects. */
function passing(mark: Mark, stages: readonly Expression[]): { readonly count: number; readonly projected: boolean } {
  let count = 0
  let projected = false
  for (const stage of stages) {
    if (!projected && !passes(mark, stage)) break
    projected ||= !choosing.has(stage.name)
    count++
  }
  return { count, projected }
}

/** The stages that give some of the objects, as they are. */
const choosing = new Set(['sort', 'limit', 'first', 'one'])

function passes(mark: Mark, { name, args }: Expression): boolean {
  if (mark.shown) return true
  switch (name) {
    case 'limit':
    case 'first':
    case 'one':
    case 'count':
      return true
    case 'sort':
      return sortKeys(args).every(({ path }) => mark.knows(path))
    case 'aggregate':
      return args.every(each => (isExpression(each) ? passes(mark, each) : mark.knows(each as Path)))
    case 'unselect':
    case 'distinct':
    case 'recurse':
      return false
    default:
      return args.length > 0 && (args as readonly Path[]).every(path => mark.knows(path))
  }
}
