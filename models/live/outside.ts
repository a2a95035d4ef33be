/** What others do to the stored objects: an editor, another program, the store itself. */
import { isStoreError } from '../../lib/errors.js'
import { sameId } from '../../lib/id.js'
import { type Change, can, type Data, type Id } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { merge } from './acts.js'
import type { Root } from './root.js'
import type { Saved } from './setting.js'
import { fromStored, type Source, toStored } from './source.js'

interface OutsideOptions {
  readonly source: Source
  /** The object of a key, whether it is there or not; `undefined` if nothing is known of it and nothing needs to be. */
  find(key: Id): Root | undefined
  /** Makes one for a key that is new here. */
  make(key: Id): Root
  all(): Iterable<Root>
  /** Does the work when nothing is being saved. */
  alone<R>(work: () => Promise<R>): Promise<R>
}

export function outside({ source, find, make, all, alone }: OutsideOptions) {
  const { target } = source
  const ended = new AbortController()

  async function stored(key: Id): Promise<Saved | undefined> {
    const found = await target.get(key)
    return found && fromStored(source, { ...found })
  }

  /** Takes over what is stored, if it is not what was stored last. */
  async function absorb(root: Root): Promise<boolean> {
    const key = root.saved?.key ?? root.key
    const found = await stored(key)
    const before = root.saved
    if (root.holder || (found && before ? equal(found.data, before.data) : found === before)) return false
    root.saved = found
    if (found && before) {
      if (root.alive) merge(root, before.data, found.data)
    } else if (found) {
      if (root.alive) merge(root, {}, found.data)
      else root.add(found.data, { external: true })
    } else if (root.alive && before && equal(root.data(), before.data)) root.delete({ external: true })
    return true
  }

  /** What is being saved has to be over before it can be said whether the change is ours. */
  function told({ id, object }: Change<Data, Id>): Promise<void> {
    return alone(async () => {
      const known = find(id)
      const { saved } = known ?? {}
      const same = saved && sameId(saved.key, id) && object && equal(toStored(source, saved), { ...object })
      if (same || (!known && !object)) return
      await absorb(known ?? make(id))
    })
  }

  /** More than could be told came at once. */
  async function catchUp(): Promise<void> {
    for (const root of [...all()]) await alone(() => absorb(root))
    for await (const object of target.query()) {
      const { key } = fromStored(source, { ...object })
      if (!find(key)) await alone(() => absorb(find(key) ?? make(key)))
    }
  }

  async function follow(): Promise<void> {
    if (!can(target, 'subscribe')) return
    for (let behind = false; !ended.signal.aborted; behind = true) {
      const changes = target.subscribe(undefined, { signal: ended.signal })
      try {
        if (behind) await catchUp()
        for await (const change of changes) await told(change).catch(() => {})
      } catch (error) {
        // else there is nothing more to be told
        if (!isStoreError(error, 'QuotaExceededError')) return
      }
    }
  }

  return { absorb, follow, end: () => ended.abort() }
}
