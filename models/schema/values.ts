/** What single keywords say of single values: the same for who only decides and for who explains. */
import { rank } from '../../lib/order.js'
import { keyOf } from '../../lib/query/key.js'
import { equal } from '../../lib/value.js'
import { formats } from './formats.js'
import type { TypeName } from './keywords.js'
import { spend } from './limits.js'

export type Test = (value: unknown) => boolean

const types: Record<TypeName, Test> = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  integer: Number.isInteger,
  bigint: value => typeof value === 'bigint',
  date: value => rank(value) === 3,
  string: value => typeof value === 'string',
  bytes: value => rank(value) === 5,
  array: Array.isArray,
  object: value => rank(value) === 7,
}

/** Is a value of one of these types? */
export function typeTest(names: readonly TypeName[]): Test {
  const chosen = names.map(name => types[name])
  const [first] = chosen
  return first && chosen.length === 1 ? first : value => chosen.some(test => test(value))
}

/** Is a value one of these? */
export function enumTest(values: readonly unknown[]): Test {
  const simple = new Set(values)
  const nested = values.filter(value => typeof value === 'object' && value !== null)
  return value => {
    if (typeof value !== 'object' || value === null) return simple.has(value)
    spend(nested.length * 10)
    return nested.some(each => equal(value, each))
  }
}

/** In linear time. */
export function isUnique(items: readonly unknown[]): boolean {
  let steps = items.length
  const keys = items.map(item => {
    const key = keyOf(item)
    steps += typeof key === 'string' ? key.length : 1
    return key
  })
  spend(steps * 2)
  return new Set(keys).size === items.length
}

/** Is it a multiple, as near as a double can tell? So 19.99 is one of 0.01. */
export function isMultiple(value: number, of: number): boolean {
  const times = value / of
  return Number.isFinite(times)
    ? Math.abs(times - Math.round(times)) <= Math.abs(times) * 2 ** -51
    : Math.abs(value % of) === 0
}

/** Is a value of the format, if that speaks of its type? */
export function formatTest(name: string): Test {
  const format = formats.get(name)
  return value => !format || typeof value !== format.type || format.test(value as never)
}
