import { compareKeys } from '../../lib/id.js'
import { accesses } from '../../lib/query/access.js'
import type { Expression, Path } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { type Bucket, type Index, type IndexDefinition, index, isValue, noIndex, notUnique, pathOf } from './index.js'

/** An object and the key of its id. */
export interface Row<T> {
  readonly key: Id
  readonly object: T
}

/** What a write is checked against and a query reads: a table, or a table with changes laid over it. */
export interface View<T extends object> {
  size(): number
  readonly indexes: readonly Index<T>[]
  get(key: Id): T | undefined
  /** The objects that fulfil the condition, perhaps among others, in the order of their ids. To be read at once. */
  find(condition: Expression | undefined): Found<T>
  /** The same with their keys, and perhaps others. */
  rows(condition: Expression | undefined): Iterable<Row<T>>
  /** The key of an object that has this value of a unique property. */
  holder(at: number, value: unknown): Id | undefined
}

export interface Found<T> {
  readonly objects: Iterable<T>
  /** Is it certain that they all fulfil the condition? */
  readonly exact: boolean
}

/** Objects in memory by id, with indexes. Never copies: what it holds must not be changed. */
export interface Table<T extends object> extends View<T> {
  set(key: Id, object: T): void
  delete(key: Id): void
  /** Adds an index over what is there; a `ConstraintError` if it is not unique. `false` if there is one. */
  addIndex(definition: IndexDefinition): boolean
  /** Drops an index, unless it is unique. */
  dropIndex(path: Path): void
}

export function table<T extends object>(definitions: readonly IndexDefinition[] = []): Table<T> {
  let objects = new Map<Id, T>()
  /** The highest key so far, as long as the objects came in the order of their ids. */
  let highest: Id = Number.NEGATIVE_INFINITY
  let ordered = true

  const indexes: Index<T>[] = []

  function inOrder(): Map<Id, T> {
    if (!ordered) {
      objects = new Map([...objects].sort(([a], [b]) => compareKeys(a, b)))
      ordered = true
    }
    return objects
  }

  /** All of them in order, once they have been asked for twice since the last write: a list is read faster, and can be cut. */
  let list: readonly T[] | undefined
  let isAsked = false

  function all(): Iterable<T> {
    if (isAsked) list ??= [...inOrder().values()]
    isAsked = true
    return list ?? inOrder().values()
  }

  function written(): void {
    list = undefined
    isAsked = false
  }

  function note(key: Id): void {
    if (compareKeys(key, highest) < 0) ordered = false
    else highest = key
  }

  /** Where indexes were dropped. */
  const dropped = new Set<Index<T>>()

  function placeOf(path: Path): number {
    return indexes.findIndex(each => pathKey(each.path) === pathKey(path))
  }

  function addIndex(definition: IndexDefinition): boolean {
    const known = placeOf(pathOf(definition))
    const before = indexes[known]
    const added = index<T>(definition)
    if (before && !dropped.has(before) && before.unique >= added.unique) return false
    for (const [key, object] of objects) {
      const value = added.read(object)
      if (added.unique && isValue(value) && added.holder(value) !== undefined) throw notUnique(added.path, value, key)
      added.set(key, object, undefined)
    }
    if (known >= 0) indexes[known] = added
    else indexes.push(added)
    return true
  }

  function dropIndex(path: Path): void {
    const known = placeOf(path)
    if (!indexes[known] || indexes[known].unique) return
    indexes[known] = noIndex(path)
    dropped.add(indexes[known])
  }

  for (const definition of definitions) addIndex(definition)

  return {
    indexes,
    addIndex,
    dropIndex,
    size: () => objects.size,
    get: key => objects.get(key),
    set(key, object) {
      written()
      const previous = indexes.length > 0 ? objects.get(key) : undefined
      const { size } = objects
      objects.set(key, object)
      if (objects.size > size) note(key)
      for (const each of indexes) each.set(key, object, previous)
    },
    delete(key) {
      const object = objects.get(key)
      if (!object) return
      written()
      objects.delete(key)
      for (const each of indexes) each.delete(key, object)
    },
    find(condition) {
      const buckets = narrowed(indexes, condition, objects.size)
      if (!buckets) return { objects: all(), exact: condition === undefined }
      // one index has answered the one condition that there is
      const exact = condition?.name !== 'and'
      const [only, ...others] = buckets
      if (only && others.length === 0) return { objects: only.objects, exact }
      return { objects: rowsOf(buckets).map(row => row.object), exact }
    },
    rows(condition) {
      const buckets = narrowed(indexes, condition, objects.size)
      return buckets ? rowsOf(buckets) : Array.from(inOrder(), ([key, object]) => ({ key, object }))
    },
    holder: (at, value) => indexes[at]?.holder(value),
  }
}

/** What the index gives that selects the fewest, if that is much less than all. */
function narrowed<T extends object>(
  indexes: readonly Index<T>[],
  condition: Expression | undefined,
  size: number,
): readonly Bucket<T>[] | undefined {
  if (indexes.length === 0 || condition === undefined) return undefined
  let best: readonly Bucket<T>[] | undefined
  let fewest = size / 2
  for (const access of accesses(condition)) {
    const selected = indexes.find(({ path }) => pathKey(path) === pathKey(access.path))?.select(access)
    const count = selected?.reduce((sum, { keys }) => sum + keys.length, 0) ?? Infinity
    if (count > fewest) continue
    best = selected
    fewest = count
  }
  return best
}

/** The objects of several buckets, in the order of their ids. */
function rowsOf<T extends object>(buckets: readonly Bucket<T>[]): Row<T>[] {
  const rows: Row<T>[] = []
  for (const { keys, objects } of buckets) {
    for (const [at, key] of keys.entries()) rows.push({ key, object: objects[at] as T })
  }
  return rows.sort((a, b) => compareKeys(a.key, b.key))
}
