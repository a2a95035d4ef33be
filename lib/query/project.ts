/** Parts of objects, as new plain objects. */
import { rank } from '../order.js'
import type { Path } from './expression.js'
import { itemReader } from './path.js'

type Data = Record<string, unknown>

/** The names wanted, or not wanted: all of a property, or what is in it. */
type Names = Map<string, true | Names>

/** Makes an object with only these properties; nested ones keep their place. What is missing stays so. */
export function select(paths: readonly Path[]): (item: unknown) => Data {
  const names = namesOf(paths)
  return item => (isObject(item) ? pick(item, names) : {})
}

function pick(object: Data, names: Names): Data {
  const picked: Data = {}
  for (const [name, wanted] of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    if (wanted === true) {
      if (value !== undefined) define(picked, name, value)
    } else if (isObject(value)) {
      define(picked, name, pick(value, wanted))
    }
  }
  return picked
}

/** Makes an object without these properties. What has no properties stays what it is. */
export function unselect(paths: readonly Path[]): (item: unknown) => unknown {
  const names = namesOf(paths)
  return item => (isObject(item) ? omit(item, names) : item)
}

function omit(object: Data, names: Names): Data {
  const left: Data = {}
  for (const [name, value] of Object.entries(object)) {
    const unwanted = names.get(name)
    if (unwanted === undefined) define(left, name, value)
    else if (unwanted !== true) define(left, name, isObject(value) ? omit(value, unwanted) : value)
  }
  return left
}

/** One property: its values, where there are any. More: rows, null where there is none. None: rows of all values. */
export function* values(items: Iterable<unknown>, paths: readonly Path[]): Generator<unknown> {
  const reads = paths.map(itemReader)
  const [only] = reads
  for (const item of items) {
    if (only === undefined) yield isObject(item) ? Object.values(item) : [item]
    else if (reads.length > 1) yield reads.map(read => read(item) ?? null)
    else {
      const value = only(item)
      if (value !== undefined) yield value
    }
  }
}

function namesOf(paths: readonly Path[]): Names {
  const names: Names = new Map()
  for (const path of paths) {
    const [last = '', ...reversed] = (typeof path === 'string' ? [path] : [...path]).reverse()
    let level: Names | true = names
    for (const name of reversed.reverse()) {
      // the whole of a property wins over a part of it
      const next: Names | true = level.get(name) ?? new Map()
      level.set(name, next)
      level = next
      if (level === true) break
    }
    if (level !== true) level.set(last, true)
  }
  return names
}

const isObject = (value: unknown): value is Data => rank(value) === 7

/** Sets an own property, whatever its name. */
export function define(object: Data, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
}
