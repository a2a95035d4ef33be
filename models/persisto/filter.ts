/** Filters as objects, `{ age: { $gte: 18 }, $or: [{ city: 'Oslo' }, { tags: { $contains: 'sea' } }] }`, as conditions of a query. */
import { StoreError } from '../../lib/errors.js'
import { type Expression, expression, type Path } from '../../lib/query/expression.js'
import { match } from '../../lib/query/match.js'
import { reader } from '../../lib/query/path.js'
import { describe } from '../../lib/value.js'
import { begin, maxWork, spent } from '../schema/limits.js'
import { pattern } from '../schema/pattern.js'
import { pathOf } from './list.js'

/** What a value must be. All of it must hold. */
export interface Operators<V> {
  readonly $eq?: V | null
  readonly $ne?: V | null
  readonly $gt?: V
  readonly $gte?: V
  readonly $lt?: V
  readonly $lte?: V
  readonly $in?: readonly (V | null)[]
  readonly $nin?: readonly (V | null)[]
  /** The text has it in it; the array has an element that is equal. */
  readonly $contains?: V extends readonly (infer E)[] ? E : V extends string ? string : unknown
  readonly $startsWith?: string
  readonly $endsWith?: string
  /** A regular expression, in ECMA-262, which matches somewhere in the text. It is tested in linear time, or refused. */
  readonly $regex?: string
  readonly $exists?: boolean
  readonly $type?: ValueType
  /** How many elements the array has. */
  readonly $size?: number
  readonly $not?: Operators<V>
}

type ValueType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'date' | 'bigint' | 'bytes'

/** What objects must be like. All of it must hold; a value in the place of operators is to be equal. */
export type Filter<O> = {
  readonly [K in keyof O]?: O[K] | null | Operators<Exclude<O[K], undefined>>
} & { readonly [nested: `${string}.${string}`]: unknown } & {
  readonly $and?: readonly Filter<O>[]
  readonly $or?: readonly Filter<O>[]
  readonly $not?: Filter<O>
}

/** A filter in two parts: what a store is asked, which selects all that match and maybe more; and what is tested besides. */
export interface Compiled {
  readonly condition: Expression | undefined
  /** Absent where the condition says all. */
  readonly test: ((object: object) => boolean) | undefined
}

type Test = (object: object) => boolean

/** Compiles a filter. Operators that are not known, and values that they do not take, are a `TypeError`. */
export function compile(filter: unknown): Compiled {
  const parts = entriesOf(filter, 'a filter').map(([name, given]) => part(name, given))
  return all(parts)
}

function part(name: string, given: unknown): Compiled {
  if (name === '$and') return all(listOf(name, given).map(compile))
  if (name === '$or') return any(listOf(name, given).map(compile))
  if (name === '$not') return not(compile(given))
  if (name.startsWith('$')) throw new TypeError(`${name} is no operator between filters: $and, $or, $not`)
  const path = pathOf(name)
  if (!isOperators(given)) return { condition: expression('eq', path, given ?? null), test: undefined }
  return all(entriesOf(given, name).map(([operator, value]) => operation(path, operator, value)))
}

const comparisons = new Map([
  ['$eq', 'eq'],
  ['$ne', 'ne'],
  ['$gt', 'gt'],
  ['$gte', 'ge'],
  ['$lt', 'lt'],
  ['$lte', 'le'],
  ['$in', 'in'],
  ['$nin', 'out'],
  ['$contains', 'contains'],
])

function operation(path: Path, operator: string, value: unknown): Compiled {
  const name = comparisons.get(operator)
  if (name) {
    if (name === 'in' || name === 'out') listOf(operator, value)
    return { condition: expression(name, path, value ?? null), test: undefined }
  }
  const read = reader(path)
  const there = expression('exists', path, true)
  const tested = (test: (value: unknown) => boolean) => ({
    condition: there,
    test: (object: object) => test(read(object)),
  })
  switch (operator) {
    case '$not':
      return not(all(entriesOf(value, operator).map(([each, given]) => operation(path, each, given))))
    case '$exists':
      return { condition: expression('exists', path, checked(operator, value, 'boolean')), test: undefined }
    case '$startsWith': {
      const start = checked(operator, value, 'string') as string
      return tested(found => typeof found === 'string' && found.startsWith(start))
    }
    case '$endsWith': {
      const end = checked(operator, value, 'string') as string
      return tested(found => typeof found === 'string' && found.endsWith(end))
    }
    case '$regex': {
      const expected = patternOf(checked(operator, value, 'string') as string)
      return tested(found => typeof found === 'string' && expected(found))
    }
    case '$type': {
      const type = checked(operator, value, 'string')
      if (type === 'null')
        return { condition: expression('exists', path, false), test: object => read(object) === null }
      return tested(found => typeOf(found) === type)
    }
    case '$size': {
      const size = checked(operator, value, 'number')
      return tested(found => Array.isArray(found) && found.length === size)
    }
  }
  throw new TypeError(`${operator} is no operator`)
}

function all(parts: readonly Compiled[]): Compiled {
  const conditions = parts.flatMap(({ condition }) => condition ?? [])
  const tests = parts.flatMap(({ test }) => test ?? [])
  const [first, ...others] = conditions
  return {
    condition: first && others.length > 0 ? expression('and', ...conditions) : first,
    test: tests.length > 0 ? object => tests.every(test => test(object)) : undefined,
  }
}

function any(parts: readonly Compiled[]): Compiled {
  const conditions = parts.flatMap(({ condition }) => condition ?? [])
  // where one of them takes whatever there is, so do all together
  const condition = conditions.length === parts.length ? expression('or', ...conditions) : undefined
  if (parts.every(({ test }) => test === undefined)) return { condition, test: undefined }
  const tests = parts.map(whole)
  return { condition, test: object => tests.some(test => test(object)) }
}

function not(inner: Compiled): Compiled {
  if (inner.test === undefined && inner.condition)
    return { condition: expression('not', inner.condition), test: undefined }
  const test = whole(inner)
  return { condition: undefined, test: object => !test(object) }
}

/** All that a filter says, as a test. */
function whole({ condition, test }: Compiled): Test {
  const matches = match(condition)
  return test ? object => matches(object) && test(object) : matches
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  return value === null ? 'null' : typeof value
}

/** All texts that are tested by one filter are one piece of work. */
function patternOf(source: string): (text: string) => boolean {
  let left = 5 * maxWork
  try {
    const { test } = pattern(source)
    return text => {
      begin()
      const found = test(text)
      left -= spent()
      if (left < 0) throw new StoreError('QuotaExceededError', `$regex takes too long: ${JSON.stringify(source)}`)
      return found
    }
  } catch (cause) {
    throw new TypeError(`$regex cannot be ${JSON.stringify(source)}: ${(cause as Error).message}`, { cause })
  }
}

/** Is it an object of operators? One with both operators and names is refused, as it could be meant either way. */
function isOperators(given: unknown): given is object {
  if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return false
  const names = Object.keys(given)
  const operators = names.filter(name => name.startsWith('$'))
  if (operators.length > 0 && operators.length < names.length) {
    throw new TypeError(`${names.join(', ')}: operators and names of fields cannot stand beside each other`)
  }
  return operators.length > 0
}

function entriesOf(given: unknown, what: string): [string, unknown][] {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return Object.entries(given)
  throw new TypeError(`${what} must be an object, not ${describe(given)}`)
}

function listOf(operator: string, given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given
  throw new TypeError(`${operator} takes a list, not ${describe(given)}`)
}

function checked(operator: string, value: unknown, type: string): unknown {
  if (typeof value === type) return value
  throw new TypeError(`${operator} takes a ${type}, not ${describe(value)}`)
}
