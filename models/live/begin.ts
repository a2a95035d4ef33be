/** Reads what is there when a live store is opened, and what is needed later. */
import { toKey } from '../../lib/id.js'
import type { Id, MaybePromise } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { become } from './acts.js'
import { type Lineage, lastSequence, readAll, readOne } from './log.js'
import { lastKey, replayed } from './past.js'
import type { Root } from './root.js'
import type { Saved } from './setting.js'
import { fromStored, type Source } from './source.js'
import { type System, system } from './system.js'
import type { LiveOptions } from './types.js'

/** The object of a key, there or not: read if it has to be. */
type Bring = (key: Id) => MaybePromise<Root | undefined>

export interface Begun {
  readonly own: System
  readonly bring: Bring
}

export async function begin(source: Source, options: LiveOptions<never>): Promise<Begun> {
  const { log, target, inline } = source
  const isLazy = options.load === 'lazy'
  const { lineages, last } =
    log && !isLazy ? await readAll(log) : { lineages: [], last: log ? await lastSequence(log) : 0 }
  const own = system(source, options, last)

  /** Puts together what is stored and what is known of its past. */
  function meet(saved: Saved, lineage: Lineage | undefined): Root {
    const root = own.load(saved, lineage ?? inlineLineage(saved.key))
    const known = replayed(root.past.steps)
    if (known && !equal(known.data, saved.data)) changedMeanwhile(root, known.data, saved)
    return root
  }

  function inlineLineage(key: Id): Lineage | undefined {
    const steps = inline?.read(key) ?? []
    return steps[0] && { origin: steps[0].sequence, steps }
  }

  function missing(lineage: Lineage, key: Id): Root {
    const root = own.make(key, lineage)
    const { data } = replayed(lineage.steps) ?? {}
    // somebody has removed it while nobody looked
    if (data) {
      root.load({ key, data: data as Saved['data'] })
      root.saved = undefined
      root.delete({ external: true })
    }
    return root
  }

  async function read(key: Id): Promise<Root | undefined> {
    const [found, lineage] = await Promise.all([target.get(key), log ? readOne(log, key) : undefined])
    const known = own.roots.get(toKey(key))
    if (known) return known
    // what is stored there has another key already
    if (own.stored(key)) return undefined
    if (found) return meet(fromStored(source, { ...found }), lineage)
    return lineage && missing(lineage, key)
  }

  if (!isLazy) {
    const latest = new Map<Id, Lineage>()
    for (const lineage of lineages) {
      const key = lastKey(lineage.steps) as Id
      const before = latest.get(toKey(key))
      // its key has gone to another one
      if (before) own.make(key, before)
      latest.set(toKey(key), lineage)
    }
    for await (const object of target.query()) {
      const saved = fromStored(source, { ...object })
      meet(saved, latest.get(toKey(saved.key)))
      latest.delete(toKey(saved.key))
    }
    for (const [key, lineage] of latest) missing(lineage, key)
  }
  own.follow()
  return { own, bring: key => own.roots.get(toKey(key)) ?? (isLazy ? read(key) : undefined) }
}

/** An editor has been at it while nobody looked: that is part of its past as well. */
function changedMeanwhile(root: Root, known: object | undefined, saved: Saved): void {
  if (!known) {
    root.load(undefined)
    root.add(saved.data, { external: true })
  } else {
    root.load({ key: saved.key, data: known as Saved['data'] })
    become(root, saved.data, { external: true })
  }
  root.saved = saved
}
