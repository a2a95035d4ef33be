/** Objects by what they say: a look at each, or a query that the store answers. */
import { explain, some } from '../../lib/explain.js'
import { over, overlay } from '../../lib/overlay.js'
import type { Data, Id, Query } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'
import type { Begun } from './begin.js'
import type { Root } from './root.js'
import { fromStored, toStored } from './source.js'

export type Test = (object: never) => boolean

export function finding({ own, bring }: Begun) {
  const { source, roots } = own
  const { target, idProperty } = source
  const expires = some(explain(target), each => each.expires !== undefined)

  /** Is it there? What expires goes without a word, so the store is asked. */
  function isThere(root: Root | undefined): root is Root {
    if (!root?.alive || !expires || root.isDirty) return root?.alive === true
    const found = target.get(root.key)
    if (!isPromise(found) && found === undefined) {
      root.saved = undefined
      root.delete({ external: true })
    }
    return root.alive
  }

  function* loaded(): Generator<Root> {
    for (const root of roots.values()) if (isThere(root)) yield root
  }

  /** By the store, with what it has not got yet. */
  async function* matching(query?: Query): AsyncGenerator<Root> {
    const pending = overlay<Data>()
    for (const root of own.dirty) {
      const { saved, key, alive } = root
      if (saved) pending.write({ id: saved.key, object: undefined })
      pending.write({ id: key, object: alive ? toStored(source, { key, data: root.data() }) : undefined })
    }
    for await (const found of over<Data, Id>(target as never, pending, { idProperty, check: own.check }).query(query)) {
      const root = await bring(fromStored(source, { ...found }).key)
      if (isThere(root)) yield root
    }
  }

  return { isThere, loaded, matching }
}
