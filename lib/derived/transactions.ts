/** The writes of each transaction: seen inside it, and put into the index when it commits. */
import { derive, forward } from '../derive.js'
import type { Id, MaybePromise, Store, Transaction } from '../store.js'
import { isPromise, when } from '../when.js'
import type { Unit } from '../writes.js'
import type { Sight } from './one-state.js'
import type { Unsettled } from './unsettled.js'

/** What a transaction has written, by key. */
export interface Overlay<H> {
  /** What is to be held of the objects; `undefined` where it has deleted. */
  readonly written: Map<Id, H | undefined>
  /** Those that have not been looked at since they were written. */
  readonly unknown: Set<Id>
}

/** A store that says when a transaction of its own begins to commit. */
export function announcing<T extends object, K extends Id>(
  inner: Store<T, K>,
  commits: (tx: Transaction<T, K>) => void,
): Store<T, K> {
  return derive(inner, {
    get: forward,
    put: forward,
    add: forward,
    delete: forward,
    query: forward,
    count: forward,
    subscribe: forward,
    setSchema: forward,
    close: forward,
    transaction: options =>
      when((inner.transaction as NonNullable<typeof inner.transaction>)(options), tx => {
        const announced: Transaction<T, K> = derive(tx, {
          get: forward,
          put: forward,
          add: forward,
          delete: forward,
          query: forward,
          count: forward,
          prepare: forward,
          abort: forward,
          commit() {
            commits(announced)
            return tx.commit()
          },
        })
        return announced
      }),
  })
}

/** From now until it is known how the commit has ended, the objects are looked at themselves. */
export function commits<H>({ written, unknown }: Overlay<H>, unit: Unit, unsettled: Unsettled<H>): void {
  const known = [...written]
  const others = [...unknown]
  for (const [key] of known) unsettled.begin(key)
  for (const key of others) unsettled.begin(key)
  unit.committed(() => {
    for (const [key, held] of known) unsettled.written(key, held)
    for (const key of others) unsettled.unknown(key)
  })
  unit.failed(() => {
    for (const [key] of known) unsettled.unknown(key)
    for (const key of others) unsettled.unknown(key)
  })
}

/** What can be relied on inside a transaction: its own writes over what others see. `look` gives what is to be held now. */
export function sightWithin<H>(
  { written, unknown }: Overlay<H>,
  outside: Sight,
  look: (key: Id) => MaybePromise<H | undefined>,
): Sight {
  /** As far as the transaction answers at once. */
  function settleNow(): void {
    for (const key of unknown) {
      const held = look(key)
      if (isPromise(held)) {
        held.catch(() => {})
        return
      }
      written.set(key, held)
      unknown.delete(key)
    }
  }

  return {
    version: outside.version,
    doubt() {
      settleNow()
      const doubt = outside.doubt()
      if (doubt === 'all') return doubt
      return new Set([...[...doubt].filter(key => !written.has(key)), ...unknown])
    },
  }
}
