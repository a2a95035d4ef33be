import { StoreError } from './errors.js'
import {
  can,
  type MaybePromise,
  type Store,
  type Transaction,
  type TransactionGroup,
  type TransactionOptions,
} from './store.js'

type Stores = readonly Store[]

/** What work in a transaction may call: the store's own methods that read and write objects; of a model, for its instances. */
export type Within<S extends Store> = Pick<
  S,
  Extract<keyof S, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count' | 'prototype'>
>
type WithinEach<L extends Stores> = { readonly [P in keyof L]: Within<L[P]> }

/**
 * Does the work in one transaction on one store, or on several: commits when `work` returns, aborts and throws on when it
 * throws. Over several stores it is two-phase; a store that cannot prepare is refused before anything is written.
 * Inside, use the transactions that `work` is given: the stores themselves wait until it has ended.
 */
export function transaction<S extends Store, R>(
  store: S,
  work: (tx: Within<S>) => MaybePromise<R>,
  options?: TransactionOptions,
): Promise<R>
export function transaction<const L extends Stores, R>(
  stores: L,
  work: (txs: WithinEach<L>) => MaybePromise<R>,
  options?: TransactionOptions,
): Promise<R>
export async function transaction(
  stores: Store | Stores,
  work: (txs: never) => unknown,
  options: TransactionOptions = {},
): Promise<unknown> {
  if (!Array.isArray(stores))
    return finish([await begin(stores as Store, options)], ([tx]) => work(tx as never), options)
  const txs = await beginAll(stores, options)
  return finish(txs, () => work(txs as never), options)
}

async function begin(store: Store, options: TransactionOptions): Promise<Transaction> {
  if (!can(store, 'transaction')) throw new StoreError('NotSupportedError', 'the store has no transactions')
  return store.transaction(options)
}

/** Begins in one order for everybody, so that two callers cannot wait for each other. */
async function beginAll(stores: Stores, options: TransactionOptions): Promise<Transaction[]> {
  const begun = new Map<Store, Transaction>()
  const databases = new Set<object>()
  let independent = 0
  const group: TransactionGroup = {
    join(database) {
      if (!databases.has(database)) return !databases.add(database)
      independent--
      return true
    },
  }
  try {
    for (const store of inRank(stores)) {
      independent++
      begun.set(store, await begin(store, { ...options, group }))
    }
    for (const tx of begun.values()) {
      if (independent > 1 && !tx.prepare) {
        throw new StoreError(
          'NotSupportedError',
          'a store cannot take part: its transactions cannot prepare (two-phase)',
        )
      }
    }
  } catch (error) {
    await abortAll([...begun.values()])
    throw error
  }
  return stores.map(store => begun.get(store) as Transaction)
}

/** Each store once, in the order in which they were first seen here. */
function inRank(stores: Stores): Store[] {
  for (const store of stores) if (!ranks.has(store)) ranks.set(store, ranked++)
  return [...new Set(stores)].sort((a, b) => (ranks.get(a) as number) - (ranks.get(b) as number))
}

const ranks = new WeakMap<Store, number>()
let ranked = 0

async function finish(
  given: Transaction[],
  work: (txs: Transaction[]) => unknown,
  { signal }: TransactionOptions,
): Promise<unknown> {
  const txs = [...new Set(given)]
  let result: unknown
  try {
    result = await work(given)
    signal?.throwIfAborted()
    if (txs.length > 1) for (const tx of txs) await tx.prepare?.()
    for (const tx of txs) await tx.commit()
  } catch (error) {
    await abortAll(txs)
    throw error
  }
  return result
}

/** Aborts what is still open. What fails here must not hide the first error. */
async function abortAll(txs: readonly Transaction[]): Promise<void> {
  await Promise.allSettled(txs.map(async tx => tx.abort()))
}
