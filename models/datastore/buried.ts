import { derive, forward, hide } from '../../lib/derive.js'
import type { Id, MaybePromise, PutOptions, Store, Transaction } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Stored } from './document.js'
import type { Graves } from './graves.js'

type Inner = Required<Store<Stored, Id>>

/** A store in which what is left of deleted documents has a place of its own: it is found by `get`, and no query gives it. */
export function buried(inner: Inner, graves: Graves): Store<Stored, Id> {
  function within(target: Pick<Inner, 'get' | 'put' | 'delete'>) {
    return {
      get: (id: Id, options?: object): MaybePromise<Stored | undefined> =>
        when(target.get(id, options), found => found ?? graves.get(id)),

      put(stored: Stored, { ifMatch, ...options }: PutOptions = {}): MaybePromise<Id> {
        if (isGrave(stored)) return bury(stored, ifMatch, options)
        // over a grave it is a new object
        return target.put(stored, isGrave(ifMatch) ? { ...options, ifNoneMatch: '*' } : { ...options, ifMatch })
      },
    }

    async function bury(stored: Stored, ifMatch: PutOptions['ifMatch'], { signal }: PutOptions): Promise<Id> {
      await graves.put(stored)
      await target.delete(stored.id, { signal, ifMatch })
      return stored.id
    }
  }

  return derive<Stored, Id>(inner, {
    ...within(inner),
    add: hide,
    delete: forward,
    query: forward,
    count: forward,
    subscribe: forward,
    transaction: options =>
      when(inner.transaction(options), tx =>
        derive<Stored, Id>(tx, {
          ...within(tx as Required<Transaction<Stored, Id>>),
          add: hide,
          delete: forward,
          query: forward,
          count: forward,
          prepare: forward,
          commit: forward,
          abort: forward,
        }),
      ),
    setSchema: forward,
    close: forward,
  })
}

function isGrave(given: unknown): given is Stored {
  return typeof given === 'object' && ((given as Stored | null)?._rev ?? 0) < 0
}
