import { StoreError } from './errors.js'
import { checkStore } from './need.js'
import { can, type MaybePromise, type Store, type Transaction, type TransactionOptions } from './store.js'
import { beginTogether, type TransactionLog } from './two-phase.js'

type Stores = readonly Store[]

/**
 * What work in a transaction may call: the store's own methods that read and write objects; of a model, for its instances. And
 * what the store's transactions can do besides.
 */
export type Within<S extends Store> = Pick<S, Extract<keyof S, Working>> & Besides<S>
type Besides<S> = S extends { transaction(...args: never): MaybePromise<infer X> }
  ? Omit<X, keyof Transaction | Working>
  : unknown
type Working =
  | ('get' | 'put' | 'add' | 'delete' | 'query' | 'count')
  | ('prototype' | 'update' | 'patch' | 'getAll' | 'putAll' | 'deleteAll')
type WithinEach<L extends Stores> = { readonly [P in keyof L]: Within<L[P]> }

export interface TransactOptions<L = TransactionLog> extends TransactionOptions {
  /** Where the decision is written down that several stores which last commit together: needed for two of them or more. */
  readonly log?: L | undefined
}

export interface Transact<L = TransactionLog> {
  /**
   * Does the work in one transaction on one store, or on several: commits when `work` returns, aborts and throws on when it
   * throws. Inside, use the transactions that `work` is given: the stores themselves wait until it has ended.
   *
   * Several stores commit together: who reads in this process never sees half. For two or more that outlast the process it
   * is two-phase, with a `log` that says after a crash what was decided; without one, or if a store cannot prepare, it
   * is a `NotSupportedError` before anything is written. An `OutcomeUnknownError` says that a disk failed so that only the next
   * opening of the stores can tell.
   */
  <S extends Store, R>(
    store: S,
    work: (tx: Within<S>) => MaybePromise<R>,
    options?: TransactOptions<L>,
  ): Promise<Awaited<R>>
  <const S extends Stores, R>(
    stores: S,
    work: (txs: WithinEach<S>) => MaybePromise<R>,
    options?: TransactOptions<L>,
  ): Promise<Awaited<R>>
}

/** Makes a `transaction` that also takes the path of a log: `open` opens it. */
export function transactionWith(
  open: (path: string) => MaybePromise<TransactionLog>,
): Transact<TransactionLog | string> {
  const transact = async (
    stores: Store | Stores,
    work: (txs: never) => unknown,
    { log, ...options }: TransactOptions<TransactionLog | string> = {},
  ): Promise<unknown> => {
    if (!Array.isArray(stores)) return transactOne(stores as Store, work, options)
    const opened = typeof log === 'string' ? await open(log) : log
    const { txs, commit, abort } = await beginTogether(stores, { ...options, log: opened })
    return finish(() => work(txs as never), { commit, abort }, options)
  }
  return transact as Transact<TransactionLog | string>
}

export const transaction: Transact = transactionWith(path => {
  throw new TypeError(`the log is a path, ${path}: give transactionLog({ path }), or use the transaction of 'holdfast'`)
})

async function transactOne(store: Store, work: (tx: never) => unknown, options: TransactionOptions): Promise<unknown> {
  checkStore(store)
  if (!can(store, 'transaction')) throw new StoreError('NotSupportedError', 'the store has no transactions')
  const tx = await store.transaction(options)
  return finish(() => work(tx as never), { commit: () => tx.commit(), abort: () => tx.abort() }, options)
}

interface Ends {
  commit(): MaybePromise<void>
  abort(): MaybePromise<void>
}

async function finish(work: () => unknown, { commit, abort }: Ends, { signal }: TransactionOptions): Promise<unknown> {
  try {
    const result = await work()
    signal?.throwIfAborted()
    await commit()
    return result
  } catch (error) {
    // what fails here must not hide the first error
    await Promise.resolve()
      .then(abort)
      .catch(() => {})
    throw error
  }
}
