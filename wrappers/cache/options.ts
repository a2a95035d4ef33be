import { StoreError } from '../../lib/errors.js'
import { type Explanation, explain } from '../../lib/explain.js'
import { checkStore } from '../../lib/need.js'
import { can, type Store } from '../../lib/store.js'
import { describe } from '../../lib/value.js'

export interface CacheOptions {
  /** How many objects are kept; the least recently used goes first. This or `maxBytes` must be given. */
  readonly max?: number | undefined
  /** How long an object is used after it was read, in milliseconds: so late are changes seen that others made. For ever if not given. */
  readonly ttl?: number | undefined
  /** How many bytes are kept, as extended JSON in UTF-8 with the ids. Counting costs a `JSON.stringify` for each load. */
  readonly maxBytes?: number | undefined
  /**
   * Where the objects are kept, if not in memory: a store for this cache alone, which is closed with it. It begins
   * empty: what an earlier cache has left in it is removed.
   */
  readonly store?: Store | undefined
  /** How long it is remembered that nothing was found, in milliseconds. Not at all if not given. */
  readonly negativeTtl?: number | undefined
  /** How long after its `ttl` an object is still given, in milliseconds, while it is read anew in the background. */
  readonly staleWhileRevalidate?: number | undefined
  /** Keeps the results of `query` and `count` too, in memory, until the next write. */
  readonly queries?: boolean | undefined
  /** Follows the inner store, so that what others write to it is seen at once; its writes then read what was there before. */
  readonly subscribe?: boolean | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
  /** The time in milliseconds, which should never go back. */
  readonly clock?: (() => number) | undefined
}

/** Refuses what is no option, and what would break a promise. */
export function checkOptions(inner: Store, options: CacheOptions): void {
  checkStore(inner)
  const { max, maxBytes, ttl, negativeTtl, staleWhileRevalidate = 0, store, queries, subscribe } = options
  for (const [name, value] of Object.entries({ max, maxBytes })) checkNumber(name, value, Number.isSafeInteger)
  for (const [name, value] of Object.entries({ ttl, negativeTtl })) checkNumber(name, value, isNumber)
  if (staleWhileRevalidate !== 0) checkNumber('staleWhileRevalidate', staleWhileRevalidate, isNumber)
  if (max === undefined && maxBytes === undefined) throw new TypeError('a cache needs a bound: max or maxBytes')
  if (staleWhileRevalidate > 0 && ttl === undefined) {
    throw new TypeError('staleWhileRevalidate begins when the ttl is over: give a ttl')
  }
  if (store && !(can(store, 'get') && can(store, 'add') && can(store, 'delete'))) {
    refuse('the store that it is to keep its objects in cannot get, add and delete')
  }
  if (store && queries) refuse('the results of queries are kept in memory: leave out store, or queries')
  if (subscribe && !can(inner, 'subscribe')) refuse('the inner store has no subscribe: others are seen by a ttl only')
  checkExpiry(inner, ttl === undefined ? Infinity : Math.max(ttl + staleWhileRevalidate, negativeTtl ?? 0))
}

function checkNumber(name: string, value: unknown, test: (value: unknown) => boolean): void {
  if (value === undefined || (test(value) && (value as number) > 0)) return
  throw new TypeError(`${name} is a number above 0, not ${typeof value === 'number' ? value : describe(value)}`)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}

/** What goes away by itself must not live on here. */
function checkExpiry(inner: Store, longest: number): void {
  const limit = shortest(explain(inner))
  if (longest <= limit) return
  refuse(
    `objects of the inner store expire after ${limit} ms, and it would keep them ${longest === Infinity ? 'for ever' : `for ${longest} ms`}: ` +
      'give a shorter ttl, or let them expire outside of the cache',
  )
}

function shortest({ expires = Infinity, inner }: Explanation): number {
  return Math.min(expires, ...inner.map(shortest))
}

function refuse(reason: string): never {
  throw new StoreError('NotSupportedError', `a cache cannot do this: ${reason}`)
}
