import { toKey } from '../../lib/id.js'
import type { Id, MaybePromise, Options, Store } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { isPromise, settle, when } from '../../lib/when.js'
import type { Entries, Entry } from './entries.js'
import type { Writing } from './writing.js'

export interface LoadingParts<T extends object, K extends Id> {
  readonly inner: Store<T, K>
  readonly entries: Entries<T>
  readonly writing: Writing
  readonly count: Record<'hits' | 'misses' | 'loads', number>
  readonly ttl: number
  readonly negativeTtl: number
  readonly staleWhileRevalidate: number
  /** The time, where it matters. */
  readonly now: () => number
}

export interface Loading<T extends object, K extends Id> {
  get(id: K, options?: Options): MaybePromise<T | undefined>
  /** What is being read of this object will not be kept. */
  drop(key: Id): void
  dropAll(): void
}

/** An object on its way from the inner store, for all who ask for it meanwhile. */
interface Load<T> {
  readonly began: number
  readonly found: Promise<T | undefined>
}

/** Gets objects from the entries, or loads them from the inner store, each once however many ask at the same time. */
export function loading<T extends object, K extends Id>(parts: LoadingParts<T, K>): Loading<T, K> {
  const { inner, entries, writing, count, ttl, negativeTtl, staleWhileRevalidate, now } = parts
  const read = inner.get?.bind(inner) as NonNullable<typeof inner.get>
  const loads = new Map<Id, Load<T>>()

  function keep(key: Id, object: T | undefined, read: number): MaybePromise<void> {
    const kind = object === undefined ? 'absent' : 'object'
    if (kind === 'absent' && negativeTtl === 0) return entries.delete(key)
    return entries.keep(key, { kind, value: object, read, weight: 1 })
  }

  function load(id: K, key: Id): MaybePromise<T | undefined> {
    const began = now()
    const other = loads.get(key)
    if (other && began - other.began < ttl) return other.found.then(copy)
    count.loads++
    const found = read(id)
    // who reads while it is written has to see for himself
    if (writing.has(key)) return found
    if (!isPromise(found)) {
      void keep(key, copy(found), began)
      return found
    }
    const own: Load<T> = { began, found }
    const over = () => void (loads.get(key) === own && loads.delete(key))
    loads.set(key, own)
    return found.then(
      object => {
        // whoever asks before it can be got joins this load
        if (loads.get(key) === own) void when(keep(key, object, began), over)
        return copy(object)
      },
      error => {
        over()
        throw error
      },
    )
  }

  function fetch(id: K, key: Id, entry: Entry): MaybePromise<T | undefined> {
    return entry.value === undefined ? fetchLaid(id, key, entry) : copy(entry.value as T)
  }

  function fetchLaid(id: K, key: Id, entry: Entry): MaybePromise<T | undefined> {
    const lost = () => {
      if (entry.place !== undefined) entries.delete(key)
      return load(id, key)
    }
    return settle(
      () => entries.fetch(entry),
      object => object ?? lost(),
      lost,
    )
  }

  /** Gives what there is while it is read anew, unless that is done at once. */
  function revalidate(id: K, key: Id, entry: Entry): MaybePromise<T | undefined> {
    if (!loads.has(key)) {
      try {
        const loaded = load(id, key)
        if (!isPromise(loaded)) return loaded
        loaded.catch(() => {})
      } catch {
        // the next who asks tries again
      }
    }
    return fetch(id, key, entry)
  }

  function lookUp(id: K): MaybePromise<T | undefined> {
    const key = toKey(id)
    const entry = entries.get(key)
    const age = entry === undefined ? -1 : now() - entry.read
    // after the clock was set back, nobody knows
    if (entry !== undefined && age >= 0) {
      const { kind } = entry
      const fresh = age < (kind === 'absent' ? negativeTtl : ttl)
      if (kind === 'object' && age < ttl + staleWhileRevalidate) {
        count.hits++
        return fresh ? fetch(id, key, entry) : revalidate(id, key, entry)
      }
      if (kind === 'absent' && fresh) {
        count.hits++
        return undefined
      }
    }
    count.misses++
    return load(id, key)
  }

  return {
    get(id, options) {
      if (options === undefined) return lookUp(id)
      const { signal, ...others } = options
      // what else may be asked, only the inner store knows
      if (Object.values(others).some(value => value !== undefined)) return read(id, options)
      signal?.throwIfAborted()
      const found = lookUp(id)
      return signal && isPromise(found) ? unlessAborted(found, signal) : found
    },
    drop: key => void loads.delete(key),
    dropAll: () => loads.clear(),
  }
}

/** Waits for it no longer than until the signal; what it does goes on. */
function unlessAborted<R>(work: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    const leave = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort, { once: true })
    work.finally(leave).then(resolve, reject)
  })
}
