import { StoreError } from '../../lib/errors.js'
import type { Identified } from '../../lib/identity.js'
import { plan } from '../../lib/query/plan.js'
import type { Change, DeleteOptions, Id, Options, PutOptions, Transaction } from '../../lib/store.js'
import type { Decided } from '../table/write.js'
import type { Connection } from './connection.js'
import type { Table } from './layout.js'
import { checked } from './query.js'
import { answer, countOf } from './results.js'
import type { SqlTransaction } from './sql-transaction.js'
import { deleteRow, getRow, putRow } from './write.js'

export interface TransactionParts {
  readonly connection: Connection
  readonly table: Table
  /** What it is a part of. */
  readonly sql: SqlTransaction
  identify(object: object, options: PutOptions): Identified<object>
  /** Throws if the store is closed or the signal aborted. */
  check(options?: Options): void
  /** Is anybody following the changes? */
  followed(): boolean
  publish(changes: readonly Change[]): void
  /** The transaction is over, as far as the store is concerned. */
  ended(): void
}

/** A store's part in a transaction of its database: reads and writes go to the connection that writes. */
export function openTransaction<T extends object, K extends Id>(parts: TransactionParts): Transaction<T, K> {
  const { connection, table, sql, identify } = parts
  /**
   * The net change of each key, as far as somebody follows: what was there before the transaction, what is there now.
   */
  const net = new Map<Id, Decided<object>>()
  let prepared = false
  let ended = false
  const member = {
    committed: () => parts.publish([...net.values()]),
    ended() {
      ended = true
      parts.ended()
    },
  }
  sql.join(member)

  function check(options?: Options): void {
    parts.check(options)
    if (ended) throw new StoreError('TransactionInactiveError', 'the transaction has ended')
    if (sql.preparing) throw new StoreError('TransactionInactiveError', 'the transaction is being prepared to commit')
  }

  function checkWrite(options?: Options): void {
    check(options)
    if (prepared) throw new StoreError('TransactionInactiveError', 'the transaction is prepared to commit')
  }

  function write<D extends Decided<object> | undefined>(work: (followed: boolean) => D): D {
    const followed = parts.followed()
    try {
      const decided = work(followed)
      if (decided && followed) note(decided)
      return decided
    } catch (error) {
      sql.checkAlive()
      throw error
    }
  }

  function note({ previous: now, ...decided }: Decided<object>): void {
    const known = net.get(decided.key)
    const previous = known ? known.previous : now
    if (decided.object || previous) net.set(decided.key, { ...decided, ...(previous && { previous }) })
    else net.delete(decided.key)
  }

  const put =
    (method: 'put' | 'add') =>
    (object: T, options: PutOptions = {}) => {
      checkWrite(options)
      const identified = identify(object, options)
      const { note } = sql
      return write(followed => putRow(connection, table, { method, identified, options, followed, note })).id as K
    }

  return Object.freeze<Transaction<T, K>>({
    get(id, options) {
      check(options)
      return getRow(connection, table.layout, id) as T | undefined
    },
    put: put('put'),
    add: put('add'),
    delete(id, options: DeleteOptions = {}) {
      checkWrite(options)
      const { note } = sql
      return write(followed => deleteRow(connection, table, id, options, { followed, note })) !== undefined
    },
    query(query, options = {}) {
      check(options)
      const planned = plan(query, options)
      return {
        [Symbol.iterator]() {
          check(options)
          return checked<T>(answer(connection, table.layout, planned), options)
        },
      }
    },
    count(query, options = {}) {
      check(options)
      return countOf(connection, table.layout, plan(query, options))
    },
    prepare() {
      checkWrite()
      prepared = true
      return sql.prepare(member)
    },
    commit() {
      check()
      ended = true
      parts.ended()
      return sql.commit(member)
    },
    abort() {
      if (!ended) sql.abort()
    },
  })
}
