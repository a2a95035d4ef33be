/** `select('user', { age: { $gte: 18 } }, { sortBy: 'name', pageSize: 20 })`. */

import { StoreError } from '../../lib/errors.js'
import { expression } from '../../lib/query/expression.js'
import type { Data } from '../../lib/store.js'
import { compile } from './filter.js'
import { type Ground, sidesOf, whole } from './ground.js'
import { checkPosition, type ListOptions, list, type SortBy, toArray } from './list.js'
import { type Method, method } from './method.js'
import { storeOf, type World } from './world.js'

export type { Filter, Operators } from './filter.js'
export type { SortBy } from './list.js'

export interface SelectOptions<O> {
  readonly sortBy?: SortBy<O> | undefined
  /** The position of the first object to give, from 0. */
  readonly start?: number | undefined
  /** The position after the last to give. */
  readonly end?: number | undefined
  readonly descending?: boolean | undefined
  /** How many to give, if `end` does not say it. */
  readonly pageSize?: number | undefined
}

export interface Selection<O> {
  readonly objects: O[]
  /** How many objects of the type there are. */
  readonly totalCount: number
  /** How many of them fulfil the filter. */
  readonly filteredCount: number
  readonly pagination: {
    readonly start: number
    readonly end: number
    /** Are there more after these? */
    readonly hasMore: boolean
    readonly totalPages: number
  }
  readonly typeName: string
  /** The filter, as it was given. */
  readonly query: object
}

export function selectMethod(ground: Ground): Method {
  return method(
    'select',
    'The objects of a type that fulfil a filter, and how many there are.',
    'type: string, filter?: object, options?: object',
    (type: string, filter?: object, options?: SelectOptions<Data>) => select(ground, type, filter, options),
  )
}

async function select(
  { world, locale }: Ground,
  type: string,
  filter: object = {},
  options: SelectOptions<Data> = {},
): Promise<Selection<Data>> {
  const { start = 0, pageSize, sortBy, descending } = options
  checkPosition('start', start)
  if (pageSize !== undefined) checkPosition('pageSize', pageSize)
  const { end = pageSize === undefined ? undefined : start + pageSize } = options
  const now = world()
  if (!now.settings.types.has(type)) throw new StoreError('NotFoundError', `there is no type ${String(type)}`)
  const store = now.store(type)
  const { condition, test } = compile(await withIds(now, type, filter))
  const listing: ListOptions = { sortBy, descending, locale }
  // asked in one go, so that stores which answer at once answer from one state
  const [totalCount, counted, found] = await Promise.all([
    store.count(),
    test ? undefined : store.count(condition),
    list(store, condition, test ? listing : { ...listing, start, end }),
  ])
  const fulfilling = test ? found.filter(test) : found
  const objects = test ? fulfilling.slice(start, end) : found
  const filteredCount = counted ?? fulfilling.length
  const page = pageSize ?? (end === undefined ? filteredCount : end - start)
  return {
    objects: await whole(now, type, objects),
    totalCount,
    filteredCount,
    pagination: {
      start,
      end: start + objects.length,
      hasMore: start + objects.length < filteredCount,
      totalPages: page > 0 ? Math.ceil(filteredCount / page) : 0,
    },
    typeName: type,
    query: filter,
  }
}

/** What is asked about roles becomes a condition on the ids: they are in no object. */
async function withIds(world: World, type: string, filter: unknown): Promise<unknown> {
  const sides = sidesOf(world, type)
  if (sides.length === 0 || typeof filter !== 'object' || filter === null) return filter
  const { $and, $or, $not, ...fields } = filter as Data
  const each = (filters: unknown) =>
    Array.isArray(filters) ? Promise.all(filters.map(one => withIds(world, type, one))) : filters
  const ids: unknown[] = []
  for (const { relation, own, other } of sides) {
    if (!Object.hasOwn(fields, other.name)) continue
    const { $contains, ...others } = (fields[other.name] ?? {}) as Data
    if (typeof $contains !== 'string' || Object.keys(others).length > 0) {
      throw new TypeError(`${other.name} is of the relation ${relation.name}: it takes { $contains: id }`)
    }
    delete fields[other.name]
    const pairs = world.store(storeOf(relation)).query(expression('eq', other.name, $contains))
    ids.push({ id: { $in: (await toArray(pairs)).map(pair => pair[own.name]) } })
  }
  return {
    ...fields,
    ...(($and !== undefined || ids.length > 0) && { $and: [...((await each($and ?? [])) as unknown[]), ...ids] }),
    ...($or !== undefined && { $or: await each($or) }),
    ...($not !== undefined && { $not: await withIds(world, type, $not) }),
  }
}
