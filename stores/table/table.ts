import { compareKeys } from '../../lib/id.js'
import { accesses } from '../../lib/query/access.js'
import type { Expression } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { type Index, type IndexDefinition, index, isUniqueValue, notUnique, pathOf, type Row } from './index.js'

/** What a write is checked against and a query reads: a table, or a table with changes laid over it. */
export interface View<T extends object> {
  readonly size: number
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
  /** Adds an index over what is there; a `ConstraintError` if it is not unique. */
  addIndex(definition: IndexDefinition): void
}

export function table<T extends object>(definitions: readonly IndexDefinition[] = []): Table<T> {
  let objects = new Map<Id, T>()
  /** The highest key so far, as long as the objects came in the order of their ids. */
  let highest: Id = Number.NEGATIVE_INFINITY
  let ordered = true

  const indexes: Index<T>[] = []
  /** What the indexes hold; empty without any. */
  const indexed = new Map<Id, Row<T>>()

  function inOrder(): Map<Id, T> {
    if (!ordered) {
      objects = new Map([...objects].sort(([a], [b]) => compareKeys(a, b)))
      ordered = true
    }
    return objects
  }

  function note(key: Id): void {
    if (compareKeys(key, highest) < 0) ordered = false
    else highest = key
  }

  function reindex(key: Id, object: T): void {
    const row = indexed.get(key)
    if (!row) {
      const added = { key, object }
      indexed.set(key, added)
      for (const each of indexes) each.rows.add(added)
      return
    }
    const moved = indexes.filter(({ read }) => read(row.object) !== read(object))
    for (const each of moved) each.rows.delete(row)
    row.object = object
    for (const each of moved) each.rows.add(row)
  }

  function addIndex(definition: IndexDefinition): void {
    const known = indexes.findIndex(each => pathKey(each.path) === pathKey(pathOf(definition)))
    const added = index<T>(definition)
    if (known >= 0 && (indexes[known] as Index<T>).unique >= added.unique) return
    for (const [key, object] of objects) {
      const row = indexed.get(key) ?? { key, object }
      indexed.set(key, row)
      const value = added.read(object)
      if (added.unique && isUniqueValue(value) && added.holder(value)) throw notUnique(added.path, value, key)
      added.rows.add(row)
    }
    if (known >= 0) indexes[known] = added
    else indexes.push(added)
  }

  for (const definition of definitions) addIndex(definition)

  return {
    indexes,
    addIndex,
    get size() {
      return objects.size
    },
    get: key => objects.get(key),
    set(key, object) {
      const { size } = objects
      objects.set(key, object)
      if (objects.size > size) note(key)
      if (indexes.length > 0) reindex(key, object)
    },
    delete(key) {
      objects.delete(key)
      const row = indexed.get(key)
      if (!row) return
      for (const each of indexes) each.rows.delete(row)
      indexed.delete(key)
    },
    find(condition) {
      const rows = narrowed(indexes, condition, objects.size)
      if (!rows) return { objects: inOrder().values(), exact: condition === undefined }
      // one index has answered the one condition that there is
      return { objects: rows.map(row => row.object), exact: condition?.name !== 'and' }
    },
    rows: condition =>
      narrowed(indexes, condition, objects.size) ?? Array.from(inOrder(), ([key, object]) => ({ key, object })),
    holder: (at, value) => indexes[at]?.holder(value)?.key,
  }
}

/** The rows of the index that selects the fewest, in the order of their ids, if that is much less than all. */
function narrowed<T extends object>(
  indexes: readonly Index<T>[],
  condition: Expression | undefined,
  size: number,
): Row<T>[] | undefined {
  if (indexes.length === 0 || condition === undefined) return undefined
  let best: Selection<T> | undefined
  let fewest = size / 2
  for (const access of accesses(condition)) {
    const index = indexes.find(each => pathKey(each.path) === pathKey(access.path))
    if (!index) continue
    const ranges = index.ranges(access)
    const count = ranges.reduce((sum, [start, end]) => sum + index.rows.count(start, end), 0)
    if (count > fewest) continue
    best = { rows: index.rows, ranges, inOrder: access.values?.length === 1 }
    fewest = count
  }
  return best && selected(best)
}

/** Ranges of an index. Rows of one value are in the order of their ids. */
interface Selection<T extends object> {
  readonly rows: Index<T>['rows']
  readonly ranges: ReturnType<Index<T>['ranges']>
  readonly inOrder: boolean
}

function selected<T extends object>({ rows, ranges, inOrder }: Selection<T>): Row<T>[] {
  const found = ranges.flatMap(([start, end]) => rows.slice(start, end))
  return inOrder ? found : found.sort((a, b) => compareKeys(a.key, b.key))
}
