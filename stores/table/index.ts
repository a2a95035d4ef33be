import { StoreError } from '../../lib/errors.js'
import { compareKeys } from '../../lib/id.js'
import { compare, rank } from '../../lib/order.js'
import type { Access } from '../../lib/query/access.js'
import type { Path } from '../../lib/query/expression.js'
import { keyOf } from '../../lib/query/key.js'
import { pathKey, reader } from '../../lib/query/path.js'
import { first, sorted } from '../../lib/sorted.js'
import type { Id } from '../../lib/store.js'

/** What to keep in order: a property, whose values may have to be unique. */
export type IndexDefinition = Path | { readonly path: Path; readonly unique?: boolean }

/** The objects that have one value: their keys, in order, and beside each the object. */
export interface Bucket<T> {
  readonly value: unknown
  readonly keys: Id[]
  readonly objects: T[]
}

/** The objects by the values of one property. Null and missing are no values. */
export interface Index<T extends object> {
  readonly path: Path
  readonly unique: boolean
  readonly read: (object: object) => unknown
  /** Takes in an object, in place of the previous one of its key. */
  set(key: Id, object: T, previous: T | undefined): void
  delete(key: Id, object: T): void
  /** The objects that an access selects. */
  select(access: Access): readonly Bucket<T>[] | undefined
  /** The first key of an object that has this value. */
  holder(value: unknown): Id | undefined
}

export function pathOf(definition: IndexDefinition): Path {
  return typeof definition === 'object' && 'path' in definition ? definition.path : definition
}

export function index<T extends object>(definition: IndexDefinition): Index<T> {
  const path = pathOf(definition)
  const unique = typeof definition === 'object' && 'path' in definition && definition.unique === true
  const read = reader(path)
  /** To find equal values at once … */
  const buckets = new Map<unknown, Bucket<T>>()
  /** … and ranges of them. */
  const order = sorted<Bucket<T>>((a, b) => compare(a.value, b.value))

  function bucketOf(value: unknown): Bucket<T> {
    const known = buckets.get(keyOf(value))
    if (known) return known
    const bucket = { value, keys: [], objects: [] }
    buckets.set(keyOf(value), bucket)
    order.add(bucket)
    return bucket
  }

  function remove(key: Id, object: T): void {
    const value = read(object)
    const bucket = buckets.get(keyOf(value))
    if (!isValue(value) || !bucket) return
    const at = place(bucket, key)
    bucket.keys.splice(at, 1)
    bucket.objects.splice(at, 1)
    if (bucket.keys.length > 0) return
    buckets.delete(keyOf(value))
    order.delete(bucket)
  }

  return {
    path,
    unique,
    read,
    set(key, object, previous) {
      const value = read(object)
      if (previous && keyOf(read(previous)) !== keyOf(value)) remove(key, previous)
      if (!isValue(value)) return
      const { keys, objects } = bucketOf(value)
      const at = place({ keys }, key)
      const there = keys[at] === key ? 1 : 0
      keys.splice(at, there, key)
      objects.splice(at, there, object)
    },
    delete: remove,
    select({ values, lower, lowerOpen, upper, upperOpen }) {
      if (values) return values.flatMap(value => buckets.get(keyOf(value)) ?? [])
      // a bound only matches within its own type
      const type = rank(lower ?? upper)
      const reaching = (bound: unknown) => order.seek(({ value }) => compare(value, bound) >= 0)
      const passing = (bound: unknown) => order.seek(({ value }) => compare(value, bound) > 0)
      return order.slice(
        lower === undefined ? order.seek(({ value }) => rank(value) >= type) : (lowerOpen ? passing : reaching)(lower),
        upper === undefined ? order.seek(({ value }) => rank(value) > type) : (upperOpen ? reaching : passing)(upper),
      )
    },
    holder: value => buckets.get(keyOf(value))?.keys[0],
  }
}

/** Stands where an index was dropped, as the others are known by their places. */
export function noIndex<T extends object>(path: Path): Index<T> {
  return {
    path,
    unique: false,
    read: () => undefined,
    set() {},
    delete() {},
    select: () => undefined,
    holder: () => undefined,
  }
}

/** Where the key is among the keys, or would be. New keys mostly come last. */
function place({ keys }: Pick<Bucket<unknown>, 'keys'>, key: Id): number {
  const last = keys.at(-1)
  if (last === undefined || compareKeys(last, key) < 0) return keys.length
  return first(keys, other => compareKeys(other, key) >= 0)
}

/** Null and missing are in no index, so they are unique however many have them. */
export function isValue(value: unknown): boolean {
  return value !== undefined && value !== null
}

export function notUnique(path: Path, value: unknown, id: string | number): StoreError {
  const shown = typeof value === 'object' ? 'the same value' : `${String(value).slice(0, 64)}`
  return new StoreError('ConstraintError', `${pathKey(path)} must be unique, and ${shown} is taken`, { id })
}
