/** Tests of one value against the constant of a condition: what can be decided about the constant is decided once. */
import { StoreError } from '../errors.js'
import { compare, rank } from '../order.js'
import { Glob, globTest } from './glob.js'
import { keyOf } from './key.js'

export type Test = (value: unknown) => boolean

/** The test of a comparison, by its operator. Missing is null; values of different types never match but by `ne`, `out`. */
export function valueTest(name: string, constant: unknown): Test {
  switch (name) {
    case 'eq':
      return equals(constant)
    case 'ne':
      return not(equals(constant))
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return ordered(name, constant)
    case 'in':
      return among(constant as readonly unknown[])
    case 'out':
      return not(among(constant as readonly unknown[]))
    case 'between':
      return between(constant as readonly [unknown, unknown])
    case 'match':
      return like(constant as Glob | string)
    case 'exists':
      return constant === false ? isMissing : not(isMissing)
    case 'rel':
      throw new StoreError('NotSupportedError', 'rel is about links, which only the models of a database have')
    default:
      throw new StoreError('NotSupportedError', `${name} is not a condition`)
  }
}

export const not =
  (test: Test): Test =>
  value =>
    !test(value)

const isMissing: Test = value => value === undefined || value === null

/** Equality with a constant; a number and a bigint can be equal. */
export function equals(constant: unknown): Test {
  switch (typeof constant) {
    case 'string':
      // looks idle, and lets the engine compare strings alone
      return value => typeof value === 'string' && value === constant
    case 'boolean':
      return value => value === constant
    case 'number':
      return value => value === constant || (typeof value === 'bigint' && compare(value, constant) === 0)
    case 'object':
      return constant === null ? isMissing : value => compare(value, constant) === 0
    default:
      return value => compare(value, constant) === 0
  }
}

type Ordering = 'lt' | 'le' | 'gt' | 'ge'

function ordered(name: Ordering, constant: unknown): Test {
  if (typeof constant === 'number' || typeof constant === 'bigint') return orderedNumber[name](constant as number)
  // below the surrogates the order of code units is that of code points
  if (typeof constant === 'string' && /^[\0-\ud7ff]*$/.test(constant)) return orderedString[name](constant)
  const place = rank(constant)
  const holds = signs[name]
  return value => rank(value) === place && holds(compare(value, constant))
}

const signs: Record<Ordering, (sign: number) => boolean> = {
  lt: sign => sign < 0,
  le: sign => sign <= 0,
  gt: sign => sign > 0,
  ge: sign => sign >= 0,
}

const orderedNumber: Record<Ordering, (constant: number) => Test> = {
  lt: constant => value =>
    typeof value === 'number' ? value < constant : typeof value === 'bigint' && value < constant,
  le: constant => value =>
    typeof value === 'number' ? value <= constant : typeof value === 'bigint' && value <= constant,
  gt: constant => value =>
    typeof value === 'number' ? value > constant : typeof value === 'bigint' && value > constant,
  ge: constant => value =>
    typeof value === 'number' ? value >= constant : typeof value === 'bigint' && value >= constant,
}

const orderedString: Record<Ordering, (constant: string) => Test> = {
  lt: constant => value => typeof value === 'string' && value < constant,
  le: constant => value => typeof value === 'string' && value <= constant,
  gt: constant => value => typeof value === 'string' && value > constant,
  ge: constant => value => typeof value === 'string' && value >= constant,
}

function between([low, high]: readonly [unknown, unknown]): Test {
  const from = ordered('ge', low)
  const to = ordered('lt', high)
  return value => from(value) && to(value)
}

/** One look into a set, however long the list. */
function among(list: readonly unknown[]): Test {
  const keys = new Set(list.map(keyOf))
  const composite = list.some(value => typeof value === 'object' && value !== null)
  return value => {
    // a text of an object is made only if one could be in the list
    if (typeof value === 'object' && value !== null && !composite) return false
    return keys.has(typeof value === 'string' ? value : keyOf(value))
  }
}

function like(pattern: Glob | string): Test {
  if (!(pattern instanceof Glob)) {
    throw new StoreError('NotSupportedError', 'a match with words needs a full-text index; a pattern is glob:')
  }
  const test = globTest(pattern)
  return value => typeof value === 'string' && test(value)
}
