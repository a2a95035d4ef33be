import { StoreError } from '../../lib/errors.js'
import { explain, isExpiring, some } from '../../lib/explain.js'
import { need } from '../../lib/need.js'
import { can, type Id, type Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import type { Resolve } from './conflict.js'
import type { ReadFrom } from './reading.js'
import { isPeer, type Peer } from './replica.js'
import type { Schedule } from './rounds.js'
import { isNode } from './stamp.js'

export interface ReplicatedOptions<T extends object, K extends Id> {
  /**
   * Who must have a write before it is acknowledged: the primary (`'async'`, the default), a majority of the primary and the
   * replicas (`'quorum'`), or all of them (`'sync'`). Peers that are only read from do not count.
   */
  readonly mode?: 'sync' | 'async' | 'quorum' | undefined
  /**
   * A store for the change log, for nothing else: versions, deletes, conflicts and checkpoints. It must last as long as the
   * primary does. Every write is one transaction on both.
   */
  readonly log: Store
  /**
   * Where it is decided that all commit together, if they last in different databases: `transactionLog({ path })`.
   * `revisions` and `aggregate` call it `log`, which here is a store of records.
   */
  readonly coordinator?: TransactionLog | undefined
  /** Makes one object of two in conflict, in place of the later one winning. The same on every node. */
  readonly conflict?: Resolve<T, K> | undefined
  /**
   * Where reads outside a transaction go: the primary by default, which is always up to date; the store that answers fastest
   * lately, or any. They fall over to another store on an error, and may be as old as that store.
   */
  readonly read?: ReadFrom | undefined
  /** How long an acknowledgement may take before it is an `OutcomeUnknownError`, in milliseconds; 5,000 by default. */
  readonly timeout?: number | undefined
  /** The name of this node, unlike all others. By default it is drawn once and kept in the log. */
  readonly node?: string | undefined
  /** The property that holds an object's id, for objects that were in the primary before. */
  readonly idProperty?: string | undefined
  /** The time in milliseconds; it may be wrong, and jump. */
  readonly clock?: (() => number) | undefined
  readonly random?: (() => number) | undefined
  /** Waits. The default is a timer that does not keep the process alive. */
  readonly schedule?: Schedule | undefined
}

/** Who gets what is written, by the name under which the checkpoint lasts. In an array that is the place. */
export type Replicas<T extends object, K extends Id> =
  | Readonly<Record<string, Store<T, K> | Peer>>
  | readonly (Store<T, K> | Peer)[]

/** Refuses what could not be kept. */
export function checkOptions<T extends object, K extends Id>(
  primary: Store<T, K>,
  replicas: readonly (Store<T, K> | Peer)[],
  { mode = 'async', read = 'primary', log, node }: ReplicatedOptions<T, K>,
): void {
  if (!['sync', 'async', 'quorum'].includes(mode)) throw new TypeError(`mode is sync, async or quorum, not ${mode}`)
  if (!['primary', 'nearest', 'any'].includes(read)) throw new TypeError(`read is primary, nearest or any, not ${read}`)
  if (node !== undefined && !isNode(node))
    throw new TypeError(`a node is named by 1 to 64 of a-z A-Z 0-9 _ . not ${node}`)
  const stores = replicas.filter((each): each is Store<T, K> => !isPeer(each))
  const all: readonly Store[] = [primary, log, ...stores]
  if (new Set(all).size < all.length) throw new TypeError('primary, log and replicas must be different stores')
  need(primary, 'the primary', 'get', 'put', 'delete', 'transaction')
  need(log, 'the log', 'get', 'put', 'query', 'transaction')
  for (const each of stores) {
    need(each, 'a replica', 'put', 'delete')
    if (read !== 'primary') need(each, 'a replica that is read from', 'get')
  }
  if (stores.some(each => explain(each).sets.length > 0)) {
    const hint = 'give the store without, or a peer'
    throw new StoreError('NotSupportedError', `a replica that shows revisions of its own would not be a copy: ${hint}`)
  }
  const late = mode !== 'async' && stores.some(each => some(explain(each), ({ late = false }) => late))
  if (late)
    throw new StoreError('NotSupportedError', `a replica may lose what it has acknowledged: it cannot be ${mode}`)
  for (const each of replicas) {
    if (!isPeer(each) || can(each.changes, 'put') || can(each.changes, 'query')) continue
    throw new StoreError('NotSupportedError', 'the changes of a peer must have put or query')
  }
  for (const store of all) {
    if (!isExpiring(store)) continue
    const hint = 'put expires around replicated, so that it is written down'
    throw new StoreError('NotSupportedError', `objects that go away by themselves would stay elsewhere: ${hint}`)
  }
}
