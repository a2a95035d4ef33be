/** One tree for every front end (RQL text, cursor, object filter) and every back end (predicate, index, SQL, URL). */
import { StoreError } from '../errors.js'
import { checkArgument } from './argument.js'
import { queryLimits } from './limits.js'
import { checkCount, type Operator, operatorOf, type Slot, slotAt } from './table.js'

/** A property: its name, or the names on the way to a nested one. `a.b` is one name, `['a', 'b']` a path. */
export type Path = string | readonly string[]

export interface Expression {
  readonly name: string
  readonly args: readonly unknown[]
}

interface Measure {
  /** Levels of operators and lists. */
  readonly depth: number
  /** Operators. */
  readonly terms: number
  /** Is it, or does it hold, anything but conditions? */
  readonly staged: boolean
}

/** A node that was made here, which nothing else can pretend to be: only it has the private field. */
class Node implements Expression {
  readonly name: string
  readonly args: readonly unknown[]
  readonly #measure: Measure

  constructor(name: string, args: readonly unknown[], measure: Measure) {
    this.name = name
    this.args = args
    this.#measure = measure
    Object.freeze(this)
  }

  static measure(value: unknown): Measure | undefined {
    return typeof value === 'object' && value !== null && #measure in value ? value.#measure : undefined
  }
}

/**
 * Makes a node of the tree, checked: its operator is known, its arguments are what the operator takes, copied and
 * frozen. Only nodes made here, by `parse` or by `toExpression` are taken for expressions inside arguments.
 */
export function expression(name: string, ...args: readonly unknown[]): Expression {
  return node(name, args)
}

/** Is this a node of a tree, and not a value that merely looks like one? */
export function isExpression(value: unknown): value is Expression {
  return Node.measure(value) !== undefined
}

/** Does it have the shape of an expression, so that it can be made one? */
export function isTree(value: unknown): value is Expression {
  if (typeof value !== 'object' || value === null) return false
  const { name, args } = value as Partial<Expression>
  return typeof name === 'string' && Array.isArray(args)
}

const leaf: Measure = { depth: 1, terms: 1, staged: false }
const stagedLeaf: Measure = { depth: 1, terms: 1, staged: true }

/** Like `expression`, with the arguments in one list. `level` is how deep in a hand-built tree it stands. */
export function node(name: string, args: readonly unknown[], level = 1): Expression {
  const operator = operatorOf(name)
  const count = args.length
  checkCount(operator, count)
  if (level > queryLimits.depth) tooDeep()
  let measure = operator.kind === 'condition' ? leaf : stagedLeaf
  const own: unknown[] = []
  for (let position = 0; position < count; position++) {
    const slot = slotAt(operator, position, count)
    const child = childOf(slot, args[position], level)
    const argument = child ?? checkArgument(operator.name, slot, args[position])
    own.push(argument)
    if (child) measure = around(child, measure, operator, slot)
    else if (Array.isArray(argument)) measure = { ...measure, depth: Math.max(measure.depth, 1 + listDepth(argument)) }
  }
  if (measure.depth > queryLimits.depth) tooDeep()
  return new Node(operator.name, Object.freeze(own), measure)
}

/** The expression in a place that takes one: as it is if it was made here, else made from a plain `{ name, args }`. */
function childOf(slot: Slot, argument: unknown, level: number): Expression | undefined {
  if (isExpression(argument)) return argument
  // a plain object in the place of a value is a value
  if (slot !== 'condition' && slot !== 'term' && slot !== 'column') return undefined
  return isTree(argument) ? node(argument.name, argument.args, level + 1) : undefined
}

/** The measure of an operator once it also holds the child, if it may. */
function around(child: Expression, measure: Measure, { name }: Operator, slot: Slot): Measure {
  const { depth, terms, staged } = Node.measure(child) as Measure
  switch (slot) {
    case 'term':
      break
    case 'condition':
    case 'item':
      if (staged) refuse(`${name} takes conditions only, not ${child.name}`)
      break
    case 'column':
      if (operatorOf(child.name).kind !== 'reduction')
        refuse(`${name} takes count, sum, mean, min and max, not ${child.name}`)
      break
    default:
      refuse(`${name} takes a value or a name where ${child.name}(…) stands`)
  }
  const sum = measure.terms + terms
  if (sum > queryLimits.terms) refuse(`a query may have ${queryLimits.terms} operators`)
  return { depth: Math.max(measure.depth, depth + 1), terms: sum, staged: measure.staged || staged }
}

function listDepth(list: readonly unknown[]): number {
  let deepest = 0
  for (const each of list) if (Array.isArray(each)) deepest = Math.max(deepest, listDepth(each))
  return deepest + 1
}

function tooDeep(): never {
  return refuse(`a query may be nested ${queryLimits.depth} levels deep`)
}

function refuse(message: string): never {
  throw new StoreError('DataError', message)
}
