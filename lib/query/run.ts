import { StoreError } from '../errors.js'
import { rank } from '../order.js'
import type { Expression, Path } from './expression.js'
import { keyOf } from './key.js'
import { match } from './match.js'
import { itemReader } from './path.js'
import type { Plan } from './plan.js'
import { select, unselect, values } from './project.js'
import { aggregate, reducer } from './reduce.js'
import { sorted } from './sort.js'

type Items = Iterable<unknown>

/**
 * The answer to a plan, over objects in the order of their ids, narrowed by an index or not. Lazy: what a `limit` does not
 * need is not read. Gives the objects themselves, or new ones; changes none.
 */
export function run(objects: Iterable<object>, { condition, stages }: Plan): Items {
  let items: Items = condition === undefined ? objects : filter(objects, match(condition))
  stages.forEach((stage, position) => {
    items = apply(stage, items, stages[position + 1])
  })
  return items
}

/** How many items `run` would give; without those stages that do not change the number. */
export function counted(objects: Iterable<object>, { condition, stages }: Plan): number {
  const plain = stages.every(({ name }) => neutral.has(name) || name === 'limit')
  const kept = plain ? stages.filter(({ name }) => !neutral.has(name)) : stages
  let count = 0
  for (const _ of run(objects, { condition, stages: kept })) count++
  return count
}

const neutral = new Set(['sort', 'select', 'unselect'])

function apply({ name, args }: Expression, items: Items, next: Expression | undefined): Items {
  switch (name) {
    case 'sort':
      return sorted(items, args, needed(next))
    case 'limit':
      return cut(items, args as readonly number[])
    case 'select':
      return map(items, select(args as readonly Path[]))
    case 'unselect':
      return map(items, unselect(args as readonly Path[]))
    case 'values':
      return values(items, args as readonly Path[])
    case 'distinct':
      return distinct(items)
    case 'aggregate':
      return aggregate(items, args)
    case 'recurse':
      return recurse(items, args[0] as Path | undefined)
    case 'first':
      return limit(items, [1])
    case 'one':
      return one(items)
    default:
      return reduce(items, { name, args })
  }
}

/** How many of the sorted items the next stage looks at. */
function needed(next: Expression | undefined): number {
  if (next?.name === 'first') return 1
  if (next?.name !== 'limit') return Infinity
  const [count = 0, start = 0] = next.args as readonly number[]
  return count + start
}

function* filter(objects: Iterable<object>, test: (object: object) => boolean): Generator<object> {
  for (const object of objects) if (test(object)) yield object
}

function* map(items: Items, change: (item: unknown) => unknown): Generator<unknown> {
  for (const item of items) yield change(item)
}

/** What is a list already need not be walked through to where the part begins. */
function cut(items: Items, bounds: readonly number[]): Items {
  if (!Array.isArray(items)) return limit(items, bounds)
  const [count = Infinity, start = 0] = bounds
  return items.slice(start, start + count)
}

function* limit(items: Items, [count = Infinity, start = 0]: readonly number[]): Generator<unknown> {
  if (count === 0) return
  let position = 0
  for (const item of items) {
    if (position++ < start) continue
    yield item
    if (position >= start + count) return
  }
}

function* one(items: Items): Generator<unknown> {
  const [first, ...others] = limit(items, [2])
  if (others.length > 0) throw new StoreError('ConstraintError', 'one object was asked for, and more match')
  if (first === undefined) throw new StoreError('NotFoundError', 'one object was asked for, and none matches')
  yield first
}

function* distinct(items: Items): Generator<unknown> {
  const seen = new Set<unknown>()
  for (const item of items) {
    const size = seen.size
    if (seen.add(keyOf(item)).size > size) yield item
  }
}

/** Each object, then those in its properties or in the one property, then those in these. */
function* recurse(items: Items, path: Path | undefined): Generator<unknown> {
  const read = path === undefined ? (item: object) => Object.values(item) : itemReader(path)
  for (const root of items) {
    const waiting: unknown[] = [root]
    while (waiting.length > 0) {
      const item = waiting.pop()
      const isObject = rank(item) === 7
      if (isObject) yield item
      const inside = isObject ? read(item as object) : item
      if (Array.isArray(inside)) for (const each of inside.toReversed()) waiting.push(each)
      else if (isObject && rank(inside) === 7) waiting.push(inside)
    }
  }
}

function* reduce(items: Items, reduction: Expression): Generator<unknown> {
  const { add, result } = reducer(reduction)
  for (const item of items) add(item)
  const value = result()
  if (value !== undefined) yield value
}
