import { StoreError } from '../errors.js'
import type { Expression, Path } from '../query/expression.js'
import { keyOf } from '../query/key.js'
import { itemReader } from '../query/path.js'
import { plan } from '../query/plan.js'
import { select, unselect, values } from '../query/project.js'
import { sortKeys } from '../query/sort.js'
import type { QueryOptions } from '../store.js'

type Make = (item: unknown) => unknown

/** A query, as what is to be kept of each object, in which order, and what of all that is seen. */
export interface Shape {
  readonly condition: Expression | undefined
  /** What to sort by, the first before the next. */
  readonly keys: readonly { readonly read: Make; readonly sign: 1 | -1 }[]
  /** What is made of an object before the window opens; `undefined` where there is nothing of it. */
  readonly item: Make
  /** Of objects with the same one, only the first counts. */
  readonly same: Make | undefined
  /** The places that are seen, as a half-open range. */
  readonly start: number
  readonly end: number
  /** What is made of what is in the window; `undefined` where there is nothing of it. */
  readonly shown: Make
  /** Of those in the window with the same one, only the first is shown. */
  readonly alike: Make | undefined
}

type Mutable<T> = { -readonly [P in keyof T]: T[P] }

/** Takes a query apart. What cannot be kept up to date is a `NotSupportedError`. */
export function shapeOf(query: Expression, options: Pick<QueryOptions, 'start' | 'end'>): Shape {
  const { condition, stages } = plan(query, options)
  const shape: Mutable<Shape> = {
    condition,
    keys: [],
    item: given => given,
    same: undefined,
    start: 0,
    end: Infinity,
    shown: given => given,
    alike: undefined,
  }
  let cut = false
  let thinned = false
  for (const { name, args } of stages) {
    const make = projection(name, args)
    if (make) {
      const part = cut ? 'shown' : 'item'
      shape[part] = then(shape[part], make)
      thinned ||= cut && name === 'values'
    } else if (name === 'sort') {
      if (cut) refuse(name, 'after a limit')
      shape.keys = [...keysOf(args, shape.item), ...shape.keys]
    } else if (name === 'distinct') {
      if (cut) shape.alike = then(shape.shown, keyOf)
      else shape.same = then(shape.item, keyOf)
      thinned ||= cut
    } else if (name === 'limit' || name === 'first') {
      if (thinned) refuse(name, 'after a limit whose objects were left out since')
      cut = true
      narrow(shape, (name === 'first' ? [1] : args) as readonly number[])
    } else refuse(name)
  }
  return shape
}

function projection(name: string, args: readonly unknown[]): Make | undefined {
  const paths = args as readonly Path[]
  if (name === 'select') return select(paths)
  if (name === 'unselect') return unselect(paths)
  if (name !== 'values') return undefined
  return item => {
    const [value] = values([item], paths)
    return value
  }
}

function then(first: Make, next: Make): Make {
  return item => {
    const made = first(item)
    return made === undefined ? undefined : next(made)
  }
}

function keysOf(args: readonly unknown[], item: Make): Shape['keys'] {
  return sortKeys(args).map(({ path, descending }) => ({
    read: then(item, itemReader(path)),
    sign: descending ? -1 : 1,
  }))
}

function narrow(shape: Mutable<Shape>, [count = Infinity, start = 0]: readonly number[]): void {
  shape.end = Math.min(shape.end, shape.start + start + count)
  shape.start = Math.min(shape.start + start, shape.end)
}

function refuse(name: string, where = ''): never {
  throw new StoreError('NotSupportedError', `a live query cannot be kept up to date through ${name} ${where}`.trimEnd())
}
