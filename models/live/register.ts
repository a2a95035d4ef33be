/** Which live object has which key, here and in the store. */
import { StoreError } from '../../lib/errors.js'
import { sameId, toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import type { Root } from './root.js'

export interface Register {
  readonly roots: ReadonlyMap<Id, Root>
  /** All that have ever been, as far as that is known: also the deleted ones whose key another one has now. */
  all(): Root[]
  add(root: Root): void
  /** Gives an object another key, which must be free. */
  rekey(root: Root, key: Id): void
  /** What the store has of an object, or its key, is another now. */
  moved(root: Root): void
  /** The object that the store has under a key: it may have another one here, which is not saved yet. */
  stored(key: Id): Root | undefined
}

export function register(): Register {
  const roots = new Map<Id, Root>()
  /** Those that are deleted, and whose key another one has now: the last one last. */
  const buried = new Map<Id, Root[]>()
  /** Those that the store has, or had, under a key that they have not got here: by that. */
  const elsewhere = new Map<Id, Root>()

  function enter(root: Root): void {
    const id = toKey(root.key)
    const other = roots.get(id)
    roots.set(id, root)
    if (!other) return
    buried.set(id, [...(buried.get(id) ?? []), other])
    moved(other)
  }

  /** Its key is that of who had it before, again. */
  function leave(root: Root): void {
    const id = toKey(root.key)
    const others = buried.get(id)?.filter(each => each !== root) ?? []
    if (roots.get(id) === root) {
      const last = others.pop()
      if (last) roots.set(id, last)
      else roots.delete(id)
    }
    if (others.length > 0) buried.set(id, others)
    else buried.delete(id)
  }

  function moved(root: Root): void {
    const id = root.saved && toKey(root.saved.key)
    if (id !== undefined && roots.get(id) !== root) elsewhere.set(id, root)
  }

  return {
    roots,
    moved,
    all: () => [...roots.values(), ...[...buried.values()].flat()],
    add: enter,
    rekey(root, key) {
      const other = roots.get(toKey(key))
      if (other === root) return
      if (other?.alive) throw taken(key)
      leave(root)
      root.key = key
      enter(root)
      moved(root)
    },
    stored(key) {
      const id = toKey(key)
      const other = elsewhere.get(id)
      if (other?.saved && sameId(other.saved.key, key)) return other
      elsewhere.delete(id)
      return roots.get(id)
    },
  }
}

export function taken(key: Id): StoreError {
  return new StoreError('ConstraintError', `${key} is taken: there is an object with this key`, { id: key })
}
