/**
 * Several stores in one transaction. Two-phase commit with presumed abort (Mohan, Lindsay and Obermarck, ACM TODS 1986): all
 * prepare, the decision to commit is written down, all commit. After a crash, what is prepared and not in the log is aborted.
 */
import { isStoreError, StoreError } from './errors.js'
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
  /** Makes it last that the transaction commits. After an `OutcomeUnknownError` nobody may abort, either, before `withdraw`. */
  commit(): MaybePromise<void>
  /** Makes sure, where it is not known whether the decision lasts, that it does not. Rejects as long as that cannot be done. */
  withdraw(): MaybePromise<void>
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
  let doubt: (() => Promise<void>) | undefined

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
      get doubt() {
        return doubt
      },
    }
    const tx = await store.transaction({ ...options, group })
    if (!lasts && !tx.prepare) strangers++
    if (lasts || !tx.prepare) lasting.add(tx)
    return tx
  }

  async function abort(): Promise<void> {
    if (ended) return
    ended = true
    await abortAll()
  }

  async function abortAll(): Promise<void> {
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
    await Promise.all([...lasting].map(commit))
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
      if (isStoreError(error, 'OutcomeUnknownError')) {
        ended = true
        doubt = withdrawing(decision, abortAll)
      }
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

/** Ends a group whose decision may last or not: as soon as the disk can be written to, it is made sure that it does not. */
function withdrawing(decision: Decision, abort: () => Promise<void>) {
  let over = false
  let trying: Promise<void> | undefined

  async function withdraw(): Promise<void> {
    await decision.withdraw()
    over = true
    await abort()
  }

  async function keepTrying(): Promise<void> {
    for (let pause = 10; !over; pause = Math.min(2 * pause, 1000)) {
      await retry().catch(() => {})
      await new Promise<void>(resolve => {
        const timer: { unref?(): void } = setTimeout(resolve, pause) as never
        // nothing here keeps a process alive: after its end the stores ask the log
        timer.unref?.()
      })
    }
  }

  const retry = () => {
    if (over) return Promise.resolve()
    trying ??= withdraw().finally(() => {
      trying = undefined
    })
    return trying
  }
  void keepTrying()
  return retry
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
