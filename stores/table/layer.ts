import { compareKeys } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { type Row, type Table, table, type View } from './table.js'

/** Changes laid over a view: reads see them, the view itself does not change. */
export interface Layer<T extends object> extends View<T> {
  set(key: Id, object: T): void
  delete(key: Id): void
  /** What was changed: the key, and the object or `undefined` for a delete, in the order of the first change to each. */
  readonly changed: ReadonlyMap<Id, T | undefined>
  /** The view below now has this change itself. */
  forget(key: Id): void
}

export function layer<T extends object>(base: View<T>): Layer<T> {
  const changed = new Map<Id, T | undefined>()
  /** What was changed, with the indexes of the view below: made when it is asked for. */
  let asked: Table<T> | undefined

  const hidden = (key: Id) => changed.has(key)

  function own(): Table<T> {
    if (asked) return asked
    asked = table<T>(base.indexes)
    for (const [key, object] of changed) if (object) asked.set(key, object)
    return asked
  }

  function rows(condition: Parameters<View<T>['rows']>[0]): Iterable<Row<T>> {
    if (changed.size === 0) return base.rows(condition)
    const below = [...base.rows(condition)].filter(row => !hidden(row.key))
    return [...below, ...own().rows(condition)].sort((a, b) => compareKeys(a.key, b.key))
  }

  return {
    changed,
    rows,
    indexes: base.indexes,
    size() {
      let size = base.size()
      for (const [key, object] of changed) size += Number(object !== undefined) - Number(base.get(key) !== undefined)
      return size
    },
    get: key => (hidden(key) ? changed.get(key) : base.get(key)),
    set(key, object) {
      changed.set(key, object)
      asked?.set(key, object)
    },
    delete(key) {
      changed.set(key, undefined)
      asked?.delete(key)
    },
    forget(key) {
      changed.delete(key)
      asked?.delete(key)
    },
    find(condition) {
      if (changed.size === 0) return base.find(condition)
      return { objects: Array.from(rows(condition), row => row.object), exact: condition === undefined }
    },
    holder(at, value) {
      if (changed.size > 0) {
        // the view below may have been given an index, or a unique one, since this was laid over it
        if (!own().indexes[at]?.unique) for (const each of base.indexes) own().addIndex(each)
        const key = own().holder(at, value)
        if (key !== undefined) return key
      }
      const below = base.holder(at, value)
      return below === undefined || hidden(below) ? undefined : below
    },
  }
}
