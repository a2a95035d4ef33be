import { compareKeys, toKey } from '../../lib/id.js'
import { accesses } from '../../lib/query/access.js'
import type { Expression } from '../../lib/query/expression.js'
import { pathKey } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import { momentOf } from '../files/file-system.js'
import { Absent } from '../table/absent.js'
import { isValue, notUnique } from '../table/index.js'
import { type Table, table } from '../table/table.js'
import { nameOf } from './file-name.js'
import type { Known, Mark, Past, Resident } from './resident.js'

export interface ResidentOptions {
  readonly idProperty: string
  /** How many objects stay in memory. */
  readonly max: number
  /** Are followers to be told what others change? */
  readonly remember: boolean
}

/** Makes a table that holds nothing yet. */
export function residentTable<T extends object>({ idProperty, max, remember }: ResidentOptions): Resident<T> {
  const inner = table<T>()
  const known = new Map<string, Known>()
  const unread = new Map<string, Mark>()
  let listing: (() => readonly string[]) | undefined
  const broken = new Map<string, Error>()
  const pinned = new Set<Id>()
  const pasts = new Map<string, Past<T>>()
  /** The keys in the order of their last use, if that matters. */
  const used = new Set<Id>()
  let bound = max
  let marks = 0
  let looked = false
  let violation: Error | undefined

  /** The files that are not in memory. Their names are sorted when that is first needed, which takes as long as to list them. */
  function files(): Map<string, Mark> {
    if (listing) {
      const names = listing()
      listing = undefined
      for (const name of names) unread.set(name, marks)
    }
    return unread
  }

  function use(key: Id): void {
    if (bound === Infinity) return
    used.delete(key)
    used.add(key)
  }

  /** The name of the file that has to be read before the key can be answered for. */
  function toRead(key: Id): string | undefined {
    if (files().size === 0 || (typeof key === 'string' && !key.isWellFormed())) return undefined
    const name = nameOf(key)
    return files().has(name) ? name : undefined
  }

  function get(key: Id): T | undefined {
    const object = inner.get(key)
    if (object !== undefined) {
      use(key)
      return object
    }
    const name = toRead(key)
    if (name === undefined) return undefined
    throw (looked && broken.get(name)) || new Absent([key])
  }

  function needAll(): void {
    if (files().size > (looked ? broken.size : 0)) throw new Absent('all')
  }

  /** The objects of the ids that a condition names, in order. */
  function named(condition: Expression | undefined): { key: Id; object: T }[] | undefined {
    if (condition === undefined) return undefined
    const values = accesses(condition).find(each => each.values && pathKey(each.path) === pathKey(idProperty))?.values
    if (!values) return undefined
    const keys = [...new Set(values.map(keyOf).filter(key => key !== undefined))].sort(compareKeys)
    const absent = keys.filter(key => inner.get(key) === undefined && isAbsent(key))
    if (absent.length > 0) throw new Absent(absent)
    return keys.map(key => ({ key, object: inner.get(key) as T })).filter(({ object }) => object !== undefined)
  }

  function isAbsent(key: Id): boolean {
    const name = toRead(key)
    return name !== undefined && !(looked && broken.has(name))
  }

  function clean(name: string): void {
    files().delete(name)
    broken.delete(name)
  }

  function remove(key: Id): void {
    inner.delete(key)
    used.delete(key)
  }

  /** What was known is past. */
  function recall(names: readonly string[]): void {
    for (const [name, { key, stat }] of known) {
      if (!pasts.has(name)) pasts.set(name, { key, stat, object: inner.get(key) })
    }
    for (const name of names) {
      if (!known.has(name) && !files().has(name)) pasts.set(name, { key: name, stat: undefined, object: undefined })
    }
  }

  const counts = (name: string, mark: Mark) => files().get(name) === mark

  return {
    known,
    get unread() {
      return files()
    },
    broken,
    pinned,
    indexes: inner.indexes,
    get,
    peek: inner.get,
    size() {
      needAll()
      return inner.size()
    },
    set(key, object) {
      inner.set(key, object)
      clean(nameOf(key))
      use(key)
    },
    delete(key) {
      remove(key)
      clean(nameOf(key))
    },
    find(condition) {
      const rows = named(condition)
      if (rows) return { objects: rows.map(({ object }) => object), exact: false }
      needAll()
      return inner.find(condition)
    },
    rows(condition) {
      const rows = named(condition)
      if (rows) return rows
      needAll()
      return inner.rows(condition)
    },
    holder(at, value) {
      needAll()
      return inner.holder(at, value)
    },
    dropIndex: inner.dropIndex,
    addIndex(definition) {
      // an index is of all objects
      bound = Infinity
      return inner.addIndex(definition)
    },
    forget(name, key = known.get(name)?.key) {
      if (key !== undefined) remove(key)
      known.delete(name)
      broken.delete(name)
      files().set(name, ++marks)
    },
    forgetAll(names) {
      const listed = remember ? names() : undefined
      if (listed && (known.size > 0 || unread.size > 0)) recall(listed)
      for (const { key } of inner.rows(undefined)) remove(key)
      known.clear()
      unread.clear()
      broken.clear()
      marks++
      listing = listed ? () => listed : names
    },
    past(name) {
      const last = known.get(name)
      const before = pasts.get(name) ?? (last && { ...last, object: inner.get(last.key) })
      pasts.delete(name)
      return before
    },
    renew(name, key, object, stat) {
      inner.set(key, object)
      known.set(name, { key, stat: momentOf(stat) })
      clean(name)
      use(key)
    },
    drop(name, key) {
      remove(key)
      known.delete(name)
      clean(name)
    },
    admit(name, mark, key, object, stat) {
      if (!counts(name, mark)) return
      for (const each of inner.indexes) violation ??= violationOf(each, key, object)
      inner.set(key, object)
      known.set(name, { key, stat: momentOf(stat) })
      clean(name)
      use(key)
    },
    blame(name, mark, error) {
      if (counts(name, mark)) broken.set(name, error)
    },
    missing(name, mark) {
      if (counts(name, mark)) clean(name)
    },
    asked(work) {
      looked = true
      try {
        return work()
      } finally {
        looked = false
      }
    },
    evict() {
      for (const key of used) {
        if (used.size <= bound) return
        if (pinned.has(key)) continue
        remove(key)
        files().set(nameOf(key), ++marks)
      }
    },
    get bounded() {
      return bound !== Number.POSITIVE_INFINITY
    },
    check() {
      needAll()
      if (violation) throw violation
    },
  }
}

function violationOf<T extends object>(
  { unique, path, read, holder }: Table<T>['indexes'][number],
  key: Id,
  object: T,
) {
  const value = read(object)
  const other = unique && isValue(value) ? holder(value) : undefined
  return other === undefined || other === key ? undefined : notUnique(path, value, key)
}

/** The key that a value of the id property names. */
function keyOf(value: unknown): Id | undefined {
  if (typeof value === 'string') return toKey(value)
  if (typeof value === 'bigint') return keyOf(Number(value))
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined
}
