import { StoreError } from '../../lib/errors.js'
import { holding, lock } from '../../lib/lock.js'
import type { MaybePromise, Options, TransactionOptions } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { writeTimeout } from '../table/store.js'
import type { Connection } from './connection.js'
import { strictMeanwhile } from './durability.js'
import type { InDoubt } from './in-doubt.js'
import { patiently } from './patience.js'
import type { Readers } from './readers.js'
import { type SqlTransaction, sqlTransaction } from './sql-transaction.js'

/** A database in this process. One connection writes for all stores in it; they wait for each other in line. */
export interface Database {
  readonly main: Connection
  /** Other connections, which see the last commit. A database without a file has none. */
  readonly readers: Readers | undefined
  readonly inDoubt: InDoubt
  /** Reads the last commit: at once, unless there is no file and a transaction is open. */
  read<R>(work: (connection: Connection) => R, options: Options): MaybePromise<R>
  /** One write by itself: at once, unless others write. The work may be tried several times. */
  write<R>(work: (connection: Connection) => R, options: Options): MaybePromise<R>
  /** Begins a transaction, or gives the one that has begun in the group. `check` throws if it is no longer wanted. */
  begin(options: TransactionOptions, check: () => void): MaybePromise<SqlTransaction>
  /** Changes tables, at once; an `InvalidStateError` if a transaction is open. */
  change<R>(work: (connection: Connection) => R): R
}

export function database(connection: Connection, readers: Readers | undefined, inDoubt: InDoubt): Database {
  const main: Connection = { ...connection, atomic: work => connection.atomic(work, inDoubt.begin) }
  const gate = lock()
  let current: SqlTransaction | undefined

  function begin(check: () => void, options: TransactionOptions & { readonly timeout: number }) {
    const asked = performance.now()
    return when(gate.write(options), release => {
      // what is prepared must last, even where commits otherwise need not
      const restore = options.group ? strictMeanwhile(main) : () => {}
      const over = () => {
        current = undefined
        restore()
        release()
      }
      return settle(
        () => {
          const timeout = options.timeout - (performance.now() - asked)
          const attempt = () => {
            check()
            inDoubt.begin()
          }
          return patiently(attempt, { ...options, timeout })
        },
        () => {
          current = sqlTransaction({ connection: main, group: options.group, inDoubt, over })
          return current
        },
        error => {
          over()
          throw error
        },
      )
    })
  }

  const shared: Database = {
    main,
    readers,
    inDoubt,
    read(work, { signal }) {
      if (!current) return work(main)
      if (readers) return readers.use(work)
      return holding(gate.read({ signal, timeout: writeTimeout }), () => work(main))
    },
    write(work, { signal }) {
      const options = { signal, timeout: writeTimeout }
      return holding(gate.read(options), () => patiently(() => work(main), options))
    },
    begin({ signal, timeout = writeTimeout, group }, check) {
      if (group?.join(shared) && current) return current
      return begin(check, { signal, timeout, group })
    },
    change(work) {
      if (current) {
        throw new StoreError(
          'InvalidStateError',
          'tables cannot be changed while a transaction is open on the database',
        )
      }
      return main.blocking(() => main.atomic(() => work(main)))
    },
  }
  return shared
}
