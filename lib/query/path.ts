import { rank } from '../order.js'
import type { Path } from './expression.js'

/** Reads a property of an object, nested ones too: own properties only, `undefined` where there is none. */
export function reader(path: Path): (object: object) => unknown {
  const [first = '', ...names] = typeof path === 'string' ? [path] : path
  // a name that every object inherits needs the slow look
  const get =
    first in Object.prototype ? (object: object) => readOwn(object, first) : (object: object) => object[first as never]
  return names.length === 0 ? get : joined(get, names)
}

/** Like `reader`, for items of any kind: only plain objects have properties. */
export function itemReader(path: Path): (item: unknown) => unknown {
  const [first = '', ...names] = typeof path === 'string' ? [path] : path
  return names.length === 0 ? ownGetter(first) : joined(ownGetter(first), names)
}

/** One text for a path, to compare and look up by: different paths have different ones. */
export function pathKey(path: Path): string {
  return typeof path === 'string' ? path : path.length === 1 ? (path[0] as string) : JSON.stringify(path)
}

function joined<I>(get: (item: I) => unknown, [name = '', ...names]: readonly string[]): (item: I) => unknown {
  const next = ownGetter(name)
  const step = (item: I) => next(get(item))
  return names.length === 0 ? step : joined(step, names)
}

function ownGetter(name: string): (item: unknown) => unknown {
  if (name in Object.prototype) return item => readOwn(item, name)
  return item => (isUsual(item) ? item[name as never] : readOwn(item, name))
}

const isUsual = (item: unknown): item is object =>
  typeof item === 'object' && item !== null && Object.getPrototypeOf(item) === Object.prototype

function readOwn(item: unknown, name: string): unknown {
  return rank(item) === 7 && Object.hasOwn(item as object, name) ? (item as Record<string, unknown>)[name] : undefined
}
