import { v7 } from 'uuid'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'

/** Where objects are laid down, each at a new place, so that what comes late can never be taken for something else. */
export interface Shelf<T extends object> {
  lay(object: T): MaybePromise<Id>
  /** A fresh copy of what lies at the place; `undefined` if it is gone. */
  read(place: Id): MaybePromise<T | undefined>
  /** Clears a place, when it can. */
  clear(place: Id): void
  close(): MaybePromise<void>
}

/** An object in the store: what is noted about it stands beside it, never in it. */
interface Laid<T> {
  readonly cached: string
  readonly object: T
}

/** A shelf in a store. What other caches have left there is removed in the background. */
export function shelf<T extends object>(given: Store): Shelf<T> {
  const store = given as Required<Store<Laid<T>, Id>>
  const cached = v7()

  async function sweep(): Promise<void> {
    if (!given.query) return
    for await (const each of store.query(`exists(object)&exists(cached)&cached!=${cached}`)) {
      await store.delete((each as unknown as { id: Id }).id)
    }
  }

  // what cannot be removed takes up room, and no more
  sweep().catch(nothing)
  return {
    lay: object => store.add({ cached, object }),
    read: place => when(store.get(place), laid => laid?.object),
    clear: place => void settle(() => store.delete(place), nothing, nothing),
    close: () => given.close?.(),
  }
}

function nothing(): void {}
