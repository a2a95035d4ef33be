/**
 * Several stores in one transaction. Two-phase commit with presumed abort (Mohan, Lindsay and Obermarck, ACM TODS 1986): all
 * prepare, the decision to commit is written down, all commit. After a crash, what is prepared and not in the log is aborted.
 */
import { StoreError } from './errors.js'
import {
  type Coordinator,
  can,
  type MaybePromise,
  type Store,
  type Transaction,
  type TransactionGroup,
  type TransactionOptions,
} from './store.js'

/** Where it is written down, to last, which transactions over several stores commit. */
export interface TransactionLog {
  /** Begins a transaction, of which nothing is written yet. */
  begin(options: Pick<TransactionOptions, 'signal' | 'timeout'>): MaybePromise<Decision>
}

/** The decision about one transaction. */
export interface Decision {
  readonly coordinator: Coordinator
  /**
   * Makes it last that the transaction commits. After an `OutcomeUnknownError` nobody may abort either; after any other the
   * transaction is aborted.
   */
  commit(): MaybePromise<void>
  /** The transaction is over here. It may be forgotten if all who take part have done what was decided. */
  end(done: boolean): MaybePromise<void>
}

/** Transactions that end together. */
export interface Together {
  /** One for each store, in their order. */
  readonly txs: readonly Transaction[]
  commit(): Promise<void>
  abort(): Promise<void>
}

/** Begins in one order for everybody, so that two callers cannot wait for each other. */
export async function beginTogether(
  stores: readonly Store[],
  { log, ...options }: TransactionOptions & { readonly log?: TransactionLog | undefined },
): Promise<Together> {
  const begun = new Map<Store, Transaction>()
  const databases = new Set<object>()
  /** Those whose writes outlast the process, as far as we know. */
  const lasting = new Set<Transaction>()
  let strangers = 0
  let decision: Decision | undefined
  let ended = false
  let show = () => {}

  async function begin(store: Store): Promise<Transaction> {
    if (!can(store, 'transaction')) throw new StoreError('NotSupportedError', 'a store has no transactions')
    let lasts = false
    const group: TransactionGroup = {
      join(database) {
        lasts = true
        return databases.has(database) || !databases.add(database)
      },
      get coordinator() {
        return decision?.coordinator
      },
      landed: () => show(),
    }
    const tx = await store.transaction({ ...options, group })
    if (!lasts && !tx.prepare) strangers++
    if (lasts || !tx.prepare) lasting.add(tx)
    return tx
  }

  async function abort(): Promise<void> {
    if (ended) return
    ended = true
    await Promise.allSettled([...begun.values()].map(async tx => tx.abort()))
    await decision?.end(true)
  }

  /** At most one database takes part: when it commits, that is the decision. */
  async function commitOne(): Promise<void> {
    const others = [...begun.values()].filter(tx => !lasting.has(tx))
    if (begun.size > 1) for (const tx of others) await tx.prepare?.()
    const ends: Promise<void>[] = []
    show = () => {
      show = () => {}
      ends.push(...others.map(commit))
    }
    for (const tx of lasting) await tx.commit()
    ended = true
    show()
    const failed = firstFailed(await Promise.allSettled(ends))
    if (failed && lasting.size > 0) throw halfDone(failed.reason)
    if (failed) throw failed.reason
  }

  async function commitAll(decision: Decision): Promise<void> {
    const txs = [...begun.values()]
    const unprepared = firstFailed(await Promise.allSettled(txs.map(async tx => tx.prepare?.())))
    if (unprepared) throw unprepared.reason
    try {
      await decision.commit()
    } catch (error) {
      if (!(error instanceof StoreError) || error.name !== 'OutcomeUnknownError') throw error
      ended = true
      await decision.end(false)
      throw error
    }
    ended = true
    // in one go, so that nobody sees the writes of some without those of the others
    const ends = txs.map(commit)
    const failed = firstFailed(await Promise.allSettled(ends))
    await decision.end(!failed)
    if (failed) throw halfDone(failed.reason)
  }

  try {
    for (const store of inRank(stores)) begun.set(store, await begin(store))
    if (databases.size + strangers > 1) {
      checkPreparable(lasting, log)
      decision = await log?.begin(options)
    }
  } catch (error) {
    await abort()
    throw error
  }
  return {
    txs: stores.map(store => begun.get(store) as Transaction),
    commit: () => (decision ? commitAll(decision) : commitOne()),
    abort,
  }
}

/** Each store once, in the order in which they were first seen here. */
function inRank(stores: readonly Store[]): Store[] {
  for (const store of stores) if (!ranks.has(store)) ranks.set(store, ranked++)
  return [...new Set(stores)].sort((a, b) => (ranks.get(a) as number) - (ranks.get(b) as number))
}

const ranks = new WeakMap<Store, number>()
let ranked = 0

function checkPreparable(lasting: Iterable<Transaction>, log: TransactionLog | undefined): void {
  for (const tx of lasting) {
    if (tx.prepare) continue
    throw new StoreError('NotSupportedError', 'a store cannot take part: its transactions cannot prepare (two-phase)')
  }
  if (log) return
  const hint = 'transaction(stores, work, { log })'
  throw new StoreError('NotSupportedError', `several stores that last commit together only with a log: ${hint}`)
}

/** Commits now: what a store that is prepared has written is seen when this returns. */
async function commit(tx: Transaction): Promise<void> {
  await tx.commit()
}

function firstFailed(settled: readonly PromiseSettledResult<unknown>[]): PromiseRejectedResult | undefined {
  return settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
}

function halfDone(cause: unknown): StoreError {
  const message = 'the transaction is decided and will last, but a store could not yet do its part'
  return new StoreError('OutcomeUnknownError', `${message}: it will when it is used or opened next`, { cause })
}
