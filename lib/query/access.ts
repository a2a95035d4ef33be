import { compare, rank } from '../order.js'
import { type Expression, isExpression, type Path } from './expression.js'
import { keyOf } from './key.js'
import { pathKey } from './path.js'

/**
 * What an index on one property can answer: some values, each once, or a range. A bound that is missing is that of the
 * type of the other bound. The objects so found may be more than match: the condition is to be checked on each.
 */
export interface Access {
  readonly path: Path
  readonly values?: readonly unknown[]
  readonly lower?: unknown
  /** Is the lower bound itself left out? */
  readonly lowerOpen?: boolean
  readonly upper?: unknown
  readonly upperOpen?: boolean
}

/**
 * The ways to find the objects of a condition by an index, those by value before ranges; each alone finds all of them.
 * Never for null, as what is missing is in no index.
 */
export function accesses(condition: Expression | undefined): Access[] {
  const found: Access[] = []
  const ranges = new Map<string, Access>()
  for (const conjunct of conjuncts(condition)) {
    const access = byValue(conjunct)
    if (access) found.push(access)
    const range = byRange(conjunct)
    if (!range) continue
    const key = pathKey(range.path)
    ranges.set(key, narrowed(ranges.get(key), range))
  }
  return [...found, ...ranges.values()]
}

/** The conditions that must all hold. */
function conjuncts(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return []
  return condition.name === 'and' ? (condition.args as readonly Expression[]).flatMap(conjuncts) : [condition]
}

function byValue({ name, args }: Expression): Access | undefined {
  const [path, constant] = args as [Path, unknown]
  if (name === 'or') return byAnyValue(args as readonly Expression[])
  if (args.length !== 2 || (name !== 'eq' && name !== 'in')) return undefined
  const values = name === 'eq' ? [constant] : distinct(constant as readonly unknown[])
  return values.includes(null) ? undefined : { path, values }
}

/** Alternatives of one property are some values of it. */
function byAnyValue(terms: readonly Expression[]): Access | undefined {
  const accesses = terms.map(byValue)
  const [first] = accesses
  if (!first) return undefined
  const key = pathKey(first.path)
  if (!accesses.every(access => access && pathKey(access.path) === key)) return undefined
  return { path: first.path, values: distinct(accesses.flatMap(access => access?.values ?? [])) }
}

const distinct = (values: readonly unknown[]) => [...new Map(values.map(value => [keyOf(value), value])).values()]

function byRange({ name, args }: Expression): Access | undefined {
  const [path, constant] = args as [Path, unknown]
  if (args.length !== 2 || isExpression(path) || constant === null) return undefined
  switch (name) {
    case 'lt':
      return { path, upper: constant, upperOpen: true }
    case 'le':
      return { path, upper: constant }
    case 'gt':
      return { path, lower: constant, lowerOpen: true }
    case 'ge':
      return { path, lower: constant }
    case 'between': {
      const [lower, upper] = constant as [unknown, unknown]
      return lower !== null && rank(lower) === rank(upper) ? { path, lower, upper, upperOpen: true } : undefined
    }
    default:
      return undefined
  }
}

/** Both ranges at once. Of two types nothing matches; then the first alone is enough. */
function narrowed(range: Access | undefined, other: Access): Access {
  if (range === undefined) return other
  const type = (access: Access) => rank(access.lower ?? access.upper)
  if (type(range) !== type(other)) return range
  const lower = tighter(range, other, 'lower', 1)
  const upper = tighter(range, other, 'upper', -1)
  return { path: range.path, ...lower, ...upper }
}

function tighter(a: Access, b: Access, bound: 'lower' | 'upper', sign: 1 | -1): Partial<Access> {
  const open = `${bound}Open` as const
  if (a[bound] === undefined && b[bound] === undefined) return {}
  let winner = a[bound] === undefined ? b : a
  if (a[bound] !== undefined && b[bound] !== undefined) {
    const order = compare(a[bound], b[bound]) * sign
    winner = order < 0 || (order === 0 && b[open]) ? b : a
  }
  return { [bound]: winner[bound], ...(winner[open] && { [open]: true }) }
}
