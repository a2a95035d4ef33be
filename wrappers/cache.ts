import { checkedClock } from '../lib/clock.js'
import { derive, forward, type Wrapped } from '../lib/derive.js'
import { introduce } from '../lib/explain.js'
import { toKey } from '../lib/id.js'
import { idPropertyOf } from '../lib/id-property.js'
import type { Id, MaybePromise, Store } from '../lib/store.js'
import { settle, when } from '../lib/when.js'
import { asking } from './cache/asking.js'
import { entries } from './cache/entries.js'
import { follow } from './cache/follow.js'
import { keyOf } from './cache/key-of.js'
import { loading } from './cache/loading.js'
import { type CacheOptions, checkOptions } from './cache/options.js'
import { shelf } from './cache/shelf.js'
import { cachedTransaction } from './cache/transaction.js'
import { writing } from './cache/writing.js'

export type { CacheOptions } from './cache/options.js'

/** The numbers of a cache since it was made. */
export interface CacheStats {
  /** Answers from the cache. */
  readonly hits: number
  /** Answers for which the inner store was asked, or would have been, had nobody else been asking. */
  readonly misses: number
  /** Reads of the inner store. */
  readonly loads: number
  /** What left the cache to make room. */
  readonly evictions: number
  /** What is in it now. */
  readonly entries: number
  /** The size of that, counted only where there is a `maxBytes`. */
  readonly bytes: number
}

interface Statistics {
  /** The numbers of this moment. */
  stats(): CacheStats
}

/** `get` of a store that must be asked where its objects are kept elsewhere. */
type Later<S extends Store> = S extends { get(...args: infer A): infer R }
  ? { get(...args: A): MaybePromise<Awaited<R>> }
  : object

/** Milliseconds that never go back. */
const steady = performance.now.bind(performance)

/**
 * Keeps objects that were read, as copies, so that the next `get` need not ask the inner store: a hit costs a look-up and
 * a deep copy. It never gives what was not committed, and never anything older than a write through it that was
 * acknowledged; what others write is seen after `ttl`, or at once with `subscribe`. Transactions are read past it.
 */
export function cache<S extends Store>(
  inner: S,
  options: CacheOptions & { readonly store?: undefined },
): Wrapped<S, never, Statistics>
export function cache<S extends Store>(inner: S, options: CacheOptions): Wrapped<S, never, Statistics & Later<S>>
export function cache<T extends object, K extends Id>(
  inner: Store<T, K>,
  options: CacheOptions,
): Store<T, K> & Statistics {
  checkOptions(inner, options)
  const { max = Infinity, maxBytes = Infinity, ttl = Infinity, negativeTtl = 0, staleWhileRevalidate = 0 } = options
  const { queries = false, subscribe = false, store, clock = steady } = options
  const now = ttl < Infinity || negativeTtl > 0 ? checkedClock(clock) : () => 0
  const count = { hits: 0, misses: 0, loads: 0 }
  const keyed = keyOf(idPropertyOf(inner, options.idProperty))
  const objects = store && shelf<T>(store)
  const kept = entries<T>({ max, maxBytes, shelf: objects })
  /** Changes with every write, when it begins and when it ends. */
  let state = 0

  function changed(key: Id): void {
    state++
    kept.delete(key)
    loads.drop(key)
  }

  function missed(): void {
    state++
    kept.clear()
    loads.dropAll()
  }

  function ended(): void {
    kept.close()
    loads.dropAll()
  }

  const writes = writing(changed)
  const parts = { inner, entries: kept, count, ttl, now }
  const loads = loading<T, K>({ ...parts, writing: writes, negativeTtl, staleWhileRevalidate })
  const answers = asking<T>({ ...parts, max: Math.min(max, maxBytes), state: () => (writes.any ? undefined : state) })
  const leave = subscribe ? follow(inner, { changed, missed, ended }) : () => {}

  /** A write by itself. */
  function write<R>(key: Id | undefined, work: () => MaybePromise<R>): MaybePromise<R> {
    const underway = writes.begin(key === undefined ? [] : [key])
    return settle(
      work,
      result => {
        underway.seen()
        return result
      },
      error => {
        underway.failed(error)
        throw error
      },
    )
  }

  const put =
    (method: 'put' | 'add'): NonNullable<typeof inner.put> =>
    (object, options) => {
      const stored = () => (inner[method] as NonNullable<typeof inner.put>)(object, options)
      return when(write(keyed(object, options), stored), id => {
        changed(toKey(id))
        return id
      })
    }

  const stats = (): CacheStats => ({
    ...count,
    evictions: kept.evictions,
    entries: kept.size,
    bytes: kept.bytes,
  })

  const wrapped = derive(inner, {
    get: loads.get,
    put: put('put'),
    add: put('add'),
    delete: (id, options) => write(toKey(id), () => (inner.delete as NonNullable<typeof inner.delete>)(id, options)),
    query: queries ? answers.query : forward,
    count: queries ? answers.count : forward,
    subscribe: forward,
    transaction: options =>
      when((inner.transaction as NonNullable<typeof inner.transaction>)(options), tx =>
        cachedTransaction(tx, { writing: writes, keyOf: keyed }),
      ),
    setSchema: forward,
    close() {
      leave()
      ended()
      return settle(
        () => inner.close?.(),
        () => objects?.close(),
        error =>
          when(objects?.close(), () => {
            throw error
          }),
      )
    },
  })
  const { idProperty: _, clock: __, store: ___, ...said } = options
  return introduce<Store<T, K> & Statistics>(Object.freeze(Object.assign(Object.create(null), wrapped, { stats })), {
    name: 'cache',
    options: said,
    inner: store ? [inner, store] : [inner],
    numbers: () => ({ ...stats() }),
  })
}
