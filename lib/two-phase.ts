/**
 * Several stores in one transaction. Two-phase commit with presumed abort (Mohan, Lindsay and Obermarck, ACM TODS 1986): all
 * prepare, the decision to commit is written down, all commit. After a crash, what is prepared and not in the log is aborted.
 */
import { isStoreError, StoreError } from './errors.js'
import type { Coordinator, MaybePromise, Store, TransactionGroup, TransactionOptions } from './store.js'
import { halfDone, type Participant, takePart } from './take-part.js'
import { settle, when } from './when.js'

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

export interface TogetherOptions extends TransactionOptions {
  /** For a group of their own, not for a larger one: that has its own. */
  readonly log?: TransactionLog | undefined
}

/**
 * Begins on each store transactions that end together: in the larger group, if there is one, or as a group by themselves.
 * Synchronous where the stores are, and nothing has to be written down.
 */
export function beginTogether(stores: readonly Store[], options: TogetherOptions): MaybePromise<Participant> {
  return options.group ? takePart(stores, options.group, options) : beginGroup(stores, options)
}

type Mutable<T> = { -readonly [P in keyof T]: T[P] }

function beginGroup(stores: readonly Store[], options: TogetherOptions): MaybePromise<Participant> {
  const databases = new Set<object>()
  const group: Mutable<TransactionGroup> = {
    join: database => databases.has(database) || !databases.add(database),
    coordinator: undefined,
    doubt: undefined,
  }

  /** Where the log is asked, the stores have begun: they must not be left behind. */
  function withLog(all: Participant): MaybePromise<Participant> {
    if (!all.prepare || databases.size < 2) return all
    return settle(
      () => when(begin(options), begun => decided(all, begun)),
      participant => participant,
      error =>
        when(all.abort(), () => {
          throw error
        }),
    )
  }

  function decided({ txs, prepare, commit, abort }: Participant, begun: Decision): Participant {
    group.coordinator = begun.coordinator
    let ended = false
    const abortAll = async () => {
      await abort()
      await begun.end(true)
    }
    return {
      txs,
      async commit() {
        await prepare?.()
        try {
          await begun.commit()
        } catch (error) {
          if (isStoreError(error, 'OutcomeUnknownError')) {
            ended = true
            group.doubt = withdrawing(begun, abortAll)
          }
          throw error
        }
        ended = true
        const failed = await settle(
          commit,
          () => undefined,
          error => ({ error }),
        )
        await begun.end(!failed)
        if (failed) throw halfDone(failed.error)
      },
      async abort() {
        if (ended) return
        ended = true
        await abortAll()
      },
    }
  }

  return when(takePart(stores, group, options), withLog)
}

function begin({ log, signal, timeout }: TogetherOptions): MaybePromise<Decision> {
  if (log) return log.begin({ signal, timeout })
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
