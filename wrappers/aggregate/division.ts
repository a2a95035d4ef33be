/** Divides a query among the parts. */
import { type Expression, node, type Path } from '../../lib/query/expression.js'
import { match } from '../../lib/query/match.js'
import type { Plan } from '../../lib/query/plan.js'
import { sortKeys } from '../../lib/query/sort.js'
import type { Layout } from './layout.js'

/** What to ask of which part, and what is left to do with the objects that are found in all that are asked. */
export interface Division {
  /** The questions by the positions of the parts. Where there are none, nothing narrows the answer. */
  readonly questions: ReadonlyMap<number, Expression>
  readonly rest: Plan
}

/**
 * A condition that is about one part goes to it, unless an object of which the part has nothing could fulfil it; of
 * every object the first part has something. If the first is the only one asked, it also sorts and limits, as far as it can.
 */
export function divide(layout: Layout, { condition, stages }: Plan): Division {
  const terms = new Map<number, Expression[]>()
  const across: Expression[] = []
  for (const conjunct of conjuncts(condition)) {
    const at = keeperOf(layout, conjunct)
    if (at === undefined || (at > 0 && match(conjunct)({}))) across.push(conjunct)
    else terms.set(at, [...(terms.get(at) ?? []), renamed(conjunct, layout.idProperty, idOf(layout, at))])
  }
  const alone = across.length === 0 && [...terms.keys()].every(at => at === 0)
  const first = alone ? stages.slice(0, stagesOfFirst(layout, stages)) : []
  if (first.length > 0) terms.set(0, [...(terms.get(0) ?? []), ...first])
  return {
    questions: new Map([...terms].map(([at, each]) => [at, node('and', each)])),
    rest: {
      condition: across.length > 0 ? node('and', across) : undefined,
      stages: stages.slice(first.length),
    },
  }
}

function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return []
  return condition.name === 'and' ? (condition.args as readonly Expression[]) : [condition]
}

const joins = new Set(['and', 'or', 'not'])

/** The part that keeps all properties which the condition is about. */
function keeperOf(layout: Layout, { name, args }: Expression): number | undefined {
  if (joins.has(name)) {
    const [first, ...others] = new Set((args as readonly Expression[]).map(term => keeperOf(layout, term)))
    return others.length > 0 ? undefined : first
  }
  return hasPath(name, args) ? layout.keeperOf(nameIn(args[0] as Path)) : undefined
}

/** Without a path a condition is about the object itself. */
function hasPath(name: string, args: readonly unknown[]): boolean {
  return args.length >= (name === 'exists' ? 1 : 2)
}

const nameIn = (path: Path) => (typeof path === 'string' ? path : (path[0] as string))
const idOf = ({ idProperties }: Layout, at: number) => idProperties[at] as string

/** The condition, as it is said in a part where the id has another name. */
function renamed(condition: Expression, from: string, to: string): Expression {
  const { name, args } = condition
  if (from === to) return condition
  if (joins.has(name))
    return node(
      name,
      (args as readonly Expression[]).map(term => renamed(term, from, to)),
    )
  const [path, ...others] = args
  if (nameIn(path as Path) !== from) return condition
  return node(name, [typeof path === 'string' ? to : [to, ...(path as readonly string[]).slice(1)], ...others])
}

/** How many stages the first part can do: up to a limit, after sorting by what it keeps. */
function stagesOfFirst(layout: Layout, stages: readonly Expression[]): number {
  let count = 0
  for (const [at, { name, args }] of stages.entries()) {
    if (name === 'limit' || name === 'first') count = at + 1
    else if (name !== 'sort' || !sortKeys(args).every(({ path }) => isOfFirst(layout, nameIn(path)))) break
  }
  return count
}

function isOfFirst(layout: Layout, name: string): boolean {
  return layout.keeperOf(name) === 0 && (name !== layout.idProperty || idOf(layout, 0) === name)
}
