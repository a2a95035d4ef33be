/**
 * The value domain, the same on every store: null, booleans, finite numbers, bigint, well-formed strings, `Date`,
 * `Uint8Array`, dense arrays and plain objects. What is outside it is refused, and nothing is stored.
 */
import { StoreError } from './errors.js'

export type Value = null | boolean | number | bigint | string | Date | Uint8Array | readonly Value[] | PlainObject
export interface PlainObject {
  readonly [key: string]: Value
}

/** What one object may hold. */
export const limits = {
  /** Levels of nesting. */
  depth: 100,
  /** Own properties of one object. */
  properties: 20_000,
  /** Characters of a property's name. */
  name: 1024,
  /** Of the whole object: 1 for each character of its names and strings, 1 for each byte, 8 for any other value. */
  size: 2 ** 24,
} as const

interface Budget {
  size: number
  /** The objects and arrays on the way down, to tell a cycle from mere depth. */
  readonly ancestors: object[]
  /** Their names on the way down, for the message. */
  readonly path: (string | number)[]
}

/** A deep copy of a caller's object, checked to be in the domain. `undefined` properties are left out, `-0` becomes `0`. */
export function checkedCopy<T extends object>(object: T): T {
  if (typeof object !== 'object' || object === null)
    throw new TypeError(`an object is expected, not ${describe(object)}`)
  const budget: Budget = { size: limits.size, ancestors: [], path: [] }
  if (!isPlain(object)) refuse(budget, `${describe(object)} is not a plain object`)
  return takeObject(object as Record<string, unknown>, budget) as T
}

function takeObject(object: Record<string, unknown>, budget: Budget): Record<string, unknown> {
  const taken: Record<string, unknown> = { ...object }
  const names = Object.keys(taken)
  if (names.length > limits.properties) exceed(budget, `has ${names.length} properties, more than ${limits.properties}`)
  budget.ancestors.push(object)
  let absent = false
  for (const name of names) {
    const value = taken[name]
    if (value === undefined) {
      absent = true
      continue
    }
    if (name.length > limits.name) exceed(budget, `has a name of more than ${limits.name} characters`)
    if (!name.isWellFormed()) refuse(budget, 'a name is not well-formed Unicode')
    budget.size -= name.length
    const own = take(value, name, budget)
    if (own !== value || value === 0) taken[name] = own
  }
  budget.ancestors.pop()
  return absent || Object.getOwnPropertySymbols(taken).length > 0 ? onlyPresent(taken, names) : taken
}

function onlyPresent(taken: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter(name => taken[name] !== undefined).map(name => [name, taken[name]]))
}

function take(value: unknown, name: string | number, budget: Budget): unknown {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) refuse(budget, 'the string is not well-formed Unicode', name)
      spend(budget, value.length, name)
      return value
    case 'number':
      if (!Number.isFinite(value)) refuse(budget, `${value} is not a finite number`, name)
      spend(budget, 8, name)
      return value === 0 ? 0 : value
    case 'boolean':
      spend(budget, 8, name)
      return value
    case 'bigint':
      spend(budget, 8 + value.toString(16).length, name)
      return value
    case 'object':
      return value === null ? value : takeNested(value, name, budget)
    default:
      return refuse(budget, `${describe(value)} cannot be stored`, name)
  }
}

function takeNested(value: object, name: string | number, budget: Budget): unknown {
  spend(budget, 8, name)
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) refuse(budget, 'the Date is invalid', name)
    return new Date(value.getTime())
  }
  if (value instanceof Uint8Array) {
    spend(budget, value.length, name)
    return new Uint8Array(value)
  }
  if (budget.ancestors.length >= limits.depth) {
    if (new Set(budget.ancestors).size < budget.ancestors.length) refuse(budget, 'the object is in a cycle')
    exceed(budget, `is nested deeper than ${limits.depth} levels`)
  }
  budget.path.push(name)
  const taken = Array.isArray(value) ? takeArray(value, budget) : takePlain(value, budget)
  budget.path.pop()
  return taken
}

function takePlain(value: object, budget: Budget): Record<string, unknown> {
  if (!isPlain(value)) refuse(budget, `${describe(value)} is not a plain object`)
  return takeObject(value as Record<string, unknown>, budget)
}

function takeArray(value: readonly unknown[], budget: Budget): unknown[] {
  budget.ancestors.push(value)
  // holes become undefined here, which is refused
  const taken = [...value]
  for (let position = 0; position < taken.length; position++) taken[position] = take(taken[position], position, budget)
  budget.ancestors.pop()
  return taken
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return !Array.isArray(value)
  // the Object.prototype of another realm
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

function spend(budget: Budget, size: number, name: string | number): void {
  budget.size -= size
  if (budget.size < 0) exceed(budget, `is larger than ${limits.size}`, name)
}

function refuse(budget: Budget, reason: string, ...name: (string | number)[]): never {
  throw new StoreError('DataCloneError', `${place(budget, name)}: ${reason}`)
}

function exceed(budget: Budget, reason: string, ...name: (string | number)[]): never {
  throw new StoreError('DataError', `${place(budget, name)} ${reason}`)
}

function place(budget: Budget, name: (string | number)[]): string {
  const path = [...budget.path, ...name].slice(0, 8)
  return path.length === 0 ? 'the object' : `the object at ${path.map(part => String(part).slice(0, 64)).join('/')}`
}

/** Names a value in a message, by its kind. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return value === undefined ? 'undefined' : `a ${typeof value}`
  return `an instance of ${value.constructor?.name ?? 'an unknown class'}`
}

/** A deep copy of a value that is known to be in the domain. */
export function copy<T>(value: T): T {
  return typeof value === 'object' && value !== null ? (copyObject(value) as T) : value
}

function copyObject(value: object): object {
  if (Array.isArray(value)) {
    const copied = value.slice()
    for (let position = 0; position < copied.length; position++) {
      const item = copied[position]
      if (typeof item === 'object' && item !== null) copied[position] = copyObject(item)
    }
    return copied
  }
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof Uint8Array) return new Uint8Array(value)
  const copied: Record<string, unknown> = { ...value }
  for (const name in copied) {
    const item = copied[name]
    if (typeof item === 'object' && item !== null) copied[name] = copyObject(item)
  }
  return copied
}

/** Are two values of the domain the same? The order of properties does not count. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime()
  if (Array.isArray(a) || a instanceof Uint8Array) {
    if (Array.isArray(a) ? !Array.isArray(b) : !(b instanceof Uint8Array)) return false
    const other = b as unknown[]
    return a.length === other.length && (a as unknown[]).every((item, position) => equal(item, other[position]))
  }
  if (b instanceof Date || Array.isArray(b) || b instanceof Uint8Array) return false
  let more = 0
  for (const name in a) {
    if (!Object.hasOwn(b, name) || !equal(a[name as never], b[name as never])) return false
    more++
  }
  for (const name in b) if (Object.hasOwn(b, name)) more--
  return more === 0
}
