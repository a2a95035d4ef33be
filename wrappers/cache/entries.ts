import { LRUCache } from 'lru-cache'
import { stringify } from '../../lib/json.js'
import type { Id, MaybePromise } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import type { Shelf } from './shelf.js'

/** What is kept under a key: the id of an object, or the text of a query. */
export interface Entry {
  readonly kind: 'object' | 'absent' | 'results'
  /** What is kept, where it is kept in memory. */
  readonly value: unknown
  /** When it began to be read. */
  readonly read: number
  /** How many objects it counts for. */
  readonly weight: number
  /** Where it lies on the shelf, once it does. */
  place?: Id
}

export interface Entries<T extends object> {
  readonly size: number
  readonly bytes: number
  readonly evictions: number
  get(key: Id): Entry | undefined
  /** Keeps this, unless it is too large. Whoever was used longest ago makes room. Settles when it can be got. */
  keep(key: Id, entry: Entry): MaybePromise<void>
  /** What an entry on the shelf holds. */
  fetch(entry: Entry): MaybePromise<T | undefined>
  delete(key: Id): void
  /** Forgets everything. */
  clear(): void
  /** Forgets everything and keeps nothing more. */
  close(): void
}

export interface EntriesOptions<T extends object> {
  /** How many objects, and how many bytes; `Infinity` where that is no bound. */
  readonly max: number
  readonly maxBytes: number
  readonly shelf: Shelf<T> | undefined
}

/** Entries within exact bounds. */
export function entries<T extends object>({ max, maxBytes, shelf }: EntriesOptions<T>): Entries<T> {
  let open = true
  let weight = 0
  let evictions = 0
  const bounds = { ...(max < Infinity && { max }), ...(maxBytes < Infinity && { maxSize: maxBytes }) }
  const lru = new LRUCache<Id, Entry>({ ...(bounds as { max: number }), dispose })

  function dispose(entry: Entry, _: Id, reason: string): void {
    weight -= entry.weight
    if (reason === 'evict') evictions++
    if (open && entry.place !== undefined) shelf?.clear(entry.place)
  }

  function lay(key: Id, entry: Entry, object: T, { lay, clear }: Shelf<T>): MaybePromise<void> {
    return settle(
      () => lay(object),
      place => {
        if (lru.peek(key) === entry) entry.place = place
        else if (open) clear(place)
      },
      () => {
        if (lru.peek(key) === entry) lru.delete(key)
      },
    )
  }

  return {
    get size() {
      return lru.size
    },
    get bytes() {
      return lru.calculatedSize
    },
    get evictions() {
      return evictions
    },
    get: key => lru.get(key),
    keep(key, entry) {
      lru.delete(key)
      const size = maxBytes < Infinity ? sizeOf(key, entry) : 0
      if (!open || entry.weight > max || size > maxBytes) return
      const laid = shelf && entry.kind === 'object'
      const kept = laid ? { ...entry, value: undefined } : entry
      weight += entry.weight
      lru.set(key, kept, size ? { size } : {})
      while (weight > max) lru.pop()
      return laid ? lay(key, kept, entry.value as T, shelf) : undefined
    },
    fetch: ({ place }) => (place === undefined ? undefined : shelf?.read(place)),
    delete: key => void lru.delete(key),
    clear: () => lru.clear(),
    close() {
      open = false
      lru.clear()
    },
  }
}

const encoder = new TextEncoder()

/** In bytes of UTF-8. */
function sizeOf(key: Id, { kind, value }: Entry): number {
  return encoder.encode(stringify(kind === 'absent' ? [key] : [key, value])).length
}
