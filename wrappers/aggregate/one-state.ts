/** Reads all parts in one state: as soon as one of them has a write, the others have theirs. */
import type { MaybePromise, Options, Store, Transaction } from '../../lib/store.js'
import { beginTogether, type TransactionLog } from '../../lib/two-phase.js'
import { isPromise } from '../../lib/when.js'
import { disregard } from './together.js'

/** A part as it is read: its store, or a transaction on it. */
export type Source = Required<Pick<Transaction, 'get' | 'query' | 'count'>>

/** Does work that reads the parts. */
export type Read = <R>(work: (sources: readonly Source[]) => MaybePromise<R>, options: Options) => MaybePromise<R>

/**
 * Stores that commit together do so in one go. So where all parts answer at once, they answer from one state; where one of
 * them does not, all are read in a transaction.
 */
export function oneState(stores: readonly Store[]): Read {
  const now = stores.map(store => atOnce(store as Source))
  return (work, options) => {
    try {
      return work(now)
    } catch (error) {
      if (error !== later) throw error
    }
    return inTransaction(stores, work, options)
  }
}

/** Thrown where an answer does not come at once. */
const later = Symbol('later')

function atOnce(source: Source): Source {
  return {
    get: (id, options) => here(source.get(id, options)),
    count: (query, options) => here(source.count(query, options)),
    query(query, options) {
      const found = source.query(query, options)
      if (Symbol.iterator in found) return found
      throw later
    },
  }
}

function here<R>(value: MaybePromise<R>): R {
  if (!isPromise(value)) return value
  disregard(value)
  throw later
}

async function inTransaction<R>(
  stores: readonly Store[],
  work: (sources: readonly Source[]) => MaybePromise<R>,
  { signal }: Options,
): Promise<R> {
  const { txs, abort } = await beginTogether(stores, { signal, log: undecided })
  try {
    return await work(txs as readonly Transaction[] as readonly Source[])
  } finally {
    await abort()
  }
}

/** What is only read is never decided about. */
const undecided: TransactionLog = {
  begin: () => ({ coordinator: { log: '', id: '' }, commit() {}, withdraw() {}, end() {} }),
}
