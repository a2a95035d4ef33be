import { StoreError } from '../../lib/errors.js'
import { can, type Id, type MaybePromise, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import type { Entry } from './ledger.js'
import { type Schedule, within } from './rounds.js'
import { show } from './show.js'

/** Another node, by the store of its changes: a replicated store, or its `changes` far away. */
export interface Peer {
  readonly changes: Store
}

export function isPeer(replica: Store | Peer): replica is Peer {
  return 'changes' in replica
}

/** Brings entries to where they are to be, and comes when they are there. Doing it again does no harm. */
export type Deliver = (entries: readonly Entry[]) => Promise<void>

/**
 * To a plain store go the objects, in one transaction if it has any: then, unless it is more than 1,000 changes behind, it shows
 * only states that the primary had. A call to it is never given up, since it could take effect later, over something newer.
 */
export function toStore<T extends object, K extends Id>(
  store: Store<T, K>,
  objectOf: (entry: Entry) => MaybePromise<T | undefined>,
): Deliver {
  return async entries => {
    const showAll = async (target: Pick<Store<T, K>, 'put' | 'delete'>) => {
      for (const entry of entries) await show(target, entry.key as K, await objectOf(entry))
    }
    await (can(store, 'transaction') && entries.length > 1 ? transaction(store, showAll) : showAll(store))
  }
}

/** How many versions are on their way to a peer at once. */
const atOnce = 100

/** To a peer go the versions; it merges them with what it knows. What is late is sent again, and harmless if it arrives. */
export function toPeer(changes: Pick<Required<Store>, 'put'>, timeout: number, schedule: Schedule): Deliver {
  const late = () => new StoreError('TimeoutError', `the peer did not answer within ${timeout} ms`)
  return async entries => {
    for (let start = 0; start < entries.length; start += atOnce) {
      const some = entries.slice(start, start + atOnce)
      const sent = some.map(async ({ key, heads, seen }) => changes.put({ key, heads, seen }))
      await within(timeout, schedule, Promise.all(sent), late)
    }
  }
}
