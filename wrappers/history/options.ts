import { StoreError } from '../../lib/errors.js'
import { explain, isExpiring, some } from '../../lib/explain.js'
import { need } from '../../lib/need.js'
import type { Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'

export interface HistoryOptions<L extends Store = Store> {
  /** A store for the records, for this history alone. It must last as long as the inner store does. */
  readonly log: L
  /** How many records are kept; for one more the oldest is dropped, in the same commit. All by default. */
  readonly max?: number | undefined
  /**
   * Where it is decided that all commit together, if they last in different databases: `transactionLog({ path })`.
   * `revisions` and `aggregate` call it `log`, which here is a store of records.
   */
  readonly coordinator?: TransactionLog | undefined
  /** Who writes, where the call does not say it: asked at each write. */
  readonly actor?: (() => string | undefined) | undefined
  /** Why, likewise. */
  readonly reason?: (() => string | undefined) | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
  /** The time in milliseconds since 1970; it may be wrong, and jump. */
  readonly clock?: (() => number) | undefined
}

/** Refuses what could not be kept. */
export function checkOptions(inner: Store, { log, max = Infinity }: HistoryOptions): void {
  if (inner === log) throw new TypeError('the history needs a log of its own, not the store itself')
  if (max !== Infinity && !(Number.isSafeInteger(max) && max > 0))
    throw new TypeError(`max is a number of records from 1 on, not ${max}`)
  if (some(explain(inner), ({ bypassed = false }) => bypassed)) {
    const hint = 'put history inside, around what they write to'
    throw new StoreError('NotSupportedError', `what others write past a history leaves no record: ${hint}`)
  }
  need(inner, 'the store', 'get', 'transaction')
  need(log, 'the log', 'get', 'add', 'delete', 'query', 'transaction')
  for (const store of [inner, log]) {
    if (!isExpiring(store)) continue
    const hint = 'put expires around history, so that it is written down'
    throw new StoreError('NotSupportedError', `objects that go away by themselves leave no record: ${hint}`)
  }
}
