/** What every wrapper with an index of its own has in common: here it is kept right, there it is asked. */
import type { Id, Store, Transaction } from '../store.js'
import { when } from '../when.js'
import { type Unit, writes } from '../writes.js'
import type { Derivation } from './derivation.js'
import { keepingUp } from './keeping-up.js'
import { noting } from './noting.js'
import type { Sight, Source } from './one-state.js'
import type { Progress } from './read-all.js'
import { announcing, commits, type Overlay, sightWithin } from './transactions.js'

/** How a store is read with the help of the index; inside a transaction, what that has written is in the overlay. */
export type ReadingWith<T extends object, K extends Id, H, R> = (
  source: Source<T, K>,
  sight: Sight,
  overlay: Overlay<H> | undefined,
) => R

export interface Derived<T extends object, K extends Id, H> {
  /** The decisions of the wrapper about what reads and writes, outside transactions and inside. */
  decisions<R extends object>(reading: ReadingWith<T, K, H, R>): R & ReturnType<typeof writes<T, K>>
  /** Reads everything again; `read` gives what is to be held, as the derivation's own by default. */
  rebuild(progress: Progress, read?: (object: object) => H): Promise<void>
}

/**
 * Builds an index over a store and keeps it up. All writes must go through the decisions, except those that the store tells who
 * subscribes. `first` takes in each object that is read at the start, by `read` and `apply` by default.
 */
export async function derived<T extends object, K extends Id, H>(
  inner: Store<T, K>,
  derivation: Derivation<H>,
  progress: Progress = {},
  first?: (object: object) => void,
): Promise<Derived<T, K, H>> {
  const { unsettled, sight, rebuild } = await keepingUp(inner, derivation, progress, first)
  const note = noting<T, K, H>(derivation, unsettled)
  const open = new WeakMap<object, { readonly overlay: Overlay<H>; readonly unit: Unit }>()
  const announced = announcing(inner, tx => {
    const { overlay, unit } = open.get(tx) as NonNullable<ReturnType<typeof open.get>>
    commits(overlay, unit, unsettled)
  })

  return {
    decisions: reading => ({
      ...reading(inner as Source<T, K>, sight, undefined),
      ...writes<T, K>(
        announced,
        (write, target) => note(write, target, open.get(target)?.overlay),
        (tx: Transaction<T, K>, unit) => {
          const overlay: Overlay<H> = { written: new Map(), unknown: new Set() }
          open.set(tx, { overlay, unit })
          const look = (key: Id) => when(tx.get?.(key as K), object => (object ? derivation.read(object) : undefined))
          return reading(tx as Source<T, K>, sightWithin(overlay, sight, look), overlay)
        },
      ),
    }),
    rebuild,
  }
}
