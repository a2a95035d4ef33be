/** Writes by themselves, any number at once, or one transaction of the inner store. */
import { derive, forward } from '../../lib/derive.js'
import { holding, lock, type Release } from '../../lib/lock.js'
import type { MaybePromise, Options, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'

export interface Turns {
  /** Does a write when no transaction is open. */
  write<R>(work: () => MaybePromise<R>, options?: Options): MaybePromise<R>
  /** Begins a transaction when the others have ended and nothing is pending. */
  begin(options?: TransactionOptions): MaybePromise<Transaction>
  /** The store closes: who waits for a transaction does so no longer. */
  leave(): void
}

export interface TurnsOptions {
  readonly inner: Store
  /** Throws if the store is closed, or the signal aborted. */
  check(options: Options): void
  flush(): MaybePromise<void>
}

/** How long a write waits for a transaction to end, in milliseconds. */
const writeTimeout = 5000

export function turns({ inner, check, flush }: TurnsOptions): Turns {
  const gate = lock()
  const transactions = new Set<Release>()

  return {
    write(work, options = {}) {
      check(options)
      return holding(gate.read({ signal: options.signal, timeout: writeTimeout }), work)
    },
    begin(options = {}) {
      check(options)
      const { signal, timeout = writeTimeout } = options
      return when(gate.write({ signal, timeout }), release => {
        const end = () => {
          transactions.delete(end)
          release()
        }
        transactions.add(end)
        const begun = () => {
          check(options)
          return when(flush(), () => (inner.transaction as NonNullable<typeof inner.transaction>)(options))
        }
        return settle(begun, tx => ending(tx, end), after(end))
      })
    },
    leave() {
      for (const end of [...transactions]) end()
    },
  }
}

/** The transaction, after whose end others write. */
function ending(tx: Transaction, end: () => void): Transaction {
  return derive(tx, {
    get: forward,
    put: forward,
    add: forward,
    delete: forward,
    query: forward,
    count: forward,
    prepare: forward,
    commit: () => settle(() => tx.commit(), end, after(end)),
    abort: () => settle(() => tx.abort(), end, after(end)),
  })
}

function after(end: () => void) {
  return (error: unknown): never => {
    end()
    throw error
  }
}
