import { checkedClock } from '../lib/clock.js'
import { derive, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { hiddenMark, type Meaning, marked, type Taking } from '../lib/marked.js'
import { checkStore } from '../lib/need.js'
import { node } from '../lib/query/expression.js'
import { can, type Id, type Store } from '../lib/store.js'
import { describe } from '../lib/value.js'
import { when } from '../lib/when.js'
import { background } from './expires/background.js'
import { clock } from './expires/clock.js'
import { type SweepOptions, sweeping } from './expires/sweeping.js'

export type { SweepOptions } from './expires/sweeping.js'

export interface ExpiresOptions {
  /** How long an object lives after it was put, in milliseconds. For ever if not given, unless its put says otherwise. */
  readonly ttl?: number | undefined
  /** Sweeps in the background, so many milliseconds after the last time, 24.8 days at most. Nobody does if not given. */
  readonly every?: number | undefined
  /** The time in milliseconds since 1970. It may jump: within the process, an earlier time than before counts as that. */
  readonly now?: (() => number) | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

/** Of a put or an add. */
export interface ExpiringOptions {
  /** How long the object lives from now on, in milliseconds; `Infinity` is for ever. In place of the `ttl` of the store. */
  readonly ttl?: number | undefined
}

interface Sweeping {
  /**
   * Removes what has expired, and gives how many that were: never what was put again meanwhile. Objects that have expired
   * are not found, swept or not: until then they only take up room.
   */
  sweep(options?: SweepOptions): Promise<number>
}

/**
 * Objects that live for a time: from the moment of their expiry on they are neither found nor counted, and their ids and
 * unique values are free. A put begins the time anew, and costs a get besides; a query one condition more. The
 * expiry is kept with the object, outside of what callers see, and lasts as the object does.
 *
 * Who follows is told that an object is gone when it is swept, without the object. If the clock is set back, time stands
 * still in this process until the clock has caught up: nothing comes back, and what is put meanwhile lives longer by as
 * much as the jump. If it is set forward, objects expire early. A cache around it may give an object for as long after its
 * expiry as the cache's own `ttl`: put it inside.
 */
export function expires<S extends Store>(
  inner: S,
  options?: ExpiresOptions,
): Wrapped<S, never, Taking<S, { put: ExpiringOptions; add: ExpiringOptions }> & Sweeping>
export function expires<T extends object, K extends Id>(
  inner: Store<T, K>,
  { ttl, every, now = Date.now, idProperty: said }: ExpiresOptions = {},
): object {
  check(inner, { ttl, every })
  const mark = hiddenMark('$expires')
  const time = clock(checkedClock(now))
  const idProperty = idPropertyOf(inner, said)
  const { sweep, makeRoom, swept } = sweeping<T, K>(inner, { property: mark.name, idProperty, time })
  const meaning: Meaning<T, K, number> = {
    mark,
    idProperty,
    fades: true,
    sees: expiry => !(typeof expiry === 'number' && expiry <= time()),
    // also true of what has no expiry
    condition: () => node('not', [node('le', [mark.name, time()])]),
    option: 'ttl',
    wish: ({ ttl: own }: ExpiringOptions) => checkTime('ttl', own) ?? ttl ?? Infinity,
    next: (_, lives) => (lives === Infinity ? undefined : time() + lives),
    makeRoom: sweep && makeRoom,
  }
  inner.setSchema?.({ properties: { [mark.name]: { type: 'number', index: true } } })
  const work = every === undefined || !sweep ? undefined : background(sweep, every)
  const store = derive<T, K>(inner, {
    ...marked(inner, meaning),
    ...(sweep && { sweep: provide(sweep) }),
    close: () => when(work?.stop(), () => inner.close?.()),
  })
  return introduce(store, {
    name: 'expires',
    options: { ttl, every },
    inner: [inner],
    // without a time for all, any object may go at any moment
    expires: ttl === undefined || ttl === Infinity ? 0 : ttl,
    numbers: () => ({ swept: swept(), ...(work && { failures: work.failures() }) }),
  })
}

function check(inner: Store, { ttl, every }: ExpiresOptions): void {
  checkStore(inner)
  checkTime('ttl', ttl)
  checkTime('every', every)
  if (!can(inner, 'get') && (can(inner, 'put') || can(inner, 'delete'))) {
    throw new StoreError('NotSupportedError', 'what expires needs a store with get, if it can put or delete')
  }
  if (every !== undefined && !(can(inner, 'query') && can(inner, 'delete'))) {
    throw new StoreError('NotSupportedError', 'nothing can be swept from a store without query and delete')
  }
}

function checkTime(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (typeof value === 'number' && value > 0)) return value
  throw new TypeError(
    `${name} is a number of milliseconds above 0, not ${typeof value === 'number' ? value : describe(value)}`,
  )
}
