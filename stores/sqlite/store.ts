/** A store over a table of a database. */

import { StoreError } from '../../lib/errors.js'
import { feed } from '../../lib/feed.js'
import type { Identified } from '../../lib/identity.js'
import type { Path } from '../../lib/query/expression.js'
import { plan } from '../../lib/query/plan.js'
import type {
  Change,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Store,
  Transaction,
  TransactionOptions,
} from '../../lib/store.js'
import { when } from '../../lib/when.js'
import type { Connection } from './connection.js'
import type { Database } from './database.js'
import type { Table } from './layout.js'
import { queryOf } from './query.js'
import { countOf, type LargeResults } from './results.js'
import type { SqlTransaction } from './sql-transaction.js'
import { openTransaction } from './transaction.js'
import { deleteRow, getRow, looksFirst, putRow } from './write.js'

export interface SqliteStoreParts {
  readonly database: Database
  readonly table: Table
  identify(object: object, options: PutOptions): Identified<object>
  /** Called once, when the store is closed. */
  closed(): void
}

export function sqliteStore<T extends object, K extends Id>(parts: SqliteStoreParts): Required<Store<T, K>> {
  const { database, table, identify, closed } = parts
  const changes = feed<T, K>()
  const transactions = new Set<SqlTransaction>()
  const large: LargeResults = { held: new Set(), expected: new Set() }
  /** The properties whose indexes a schema asked for. */
  const told = new Set<Path>()
  let open = true

  function check({ signal }: Options = {}): void {
    if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  /** One write by itself. A single statement is all or nothing; several are made so. */
  function write<D extends Change<object> | undefined, R>(
    options: PutOptions & DeleteOptions,
    work: (connection: Connection, followed: boolean) => D,
    result: (decided: D) => R,
  ): MaybePromise<R> {
    const attempt = (connection: Connection) => {
      check(options)
      const { followed } = changes
      const once = () => work(connection, followed)
      const together = looksFirst(options, followed) || database.inDoubt.watched
      const decided = together ? connection.atomic(once) : once()
      if (decided && followed) changes.publish([decided as Change<T, K>])
      return decided
    }
    return when(database.write(attempt, options), result)
  }

  const put =
    (method: 'put' | 'add') =>
    (object: T, options: PutOptions = {}) => {
      check(options)
      const identified = identify(object, options)
      return write(
        options,
        (connection, followed) => putRow(connection, table, { method, identified, options, followed }),
        ({ id }) => id as K,
      )
    }

  function begin(options: TransactionOptions = {}): MaybePromise<Transaction<T, K>> {
    check(options)
    return when(
      database.begin(options, () => check(options)),
      sql => {
        transactions.add(sql)
        return openTransaction<T, K>({
          connection: database.main,
          table,
          sql,
          identify,
          check,
          followed: () => changes.followed,
          publish: set => changes.publish(set as readonly Change<T, K>[]),
          ended: () => transactions.delete(sql),
        })
      },
    )
  }

  return Object.freeze<Required<Store<T, K>>>({
    get(id, options = {}) {
      check(options)
      return database.read(connection => {
        check(options)
        return getRow(connection, table.layout, id) as T | undefined
      }, options)
    },
    put: put('put'),
    add: put('add'),
    delete(id, options: DeleteOptions = {}) {
      check(options)
      return write(
        options,
        (connection, followed) => deleteRow(connection, table, id, options, { followed }),
        decided => decided !== undefined,
      )
    },
    query: queryOf<T>({ database, table, check, large }),
    count(query, options = {}) {
      check(options)
      const planned = plan(query, options)
      return database.read(connection => {
        check(options)
        return connection.reading(() => countOf(connection, table.layout, planned))
      }, options)
    },
    subscribe(query, options) {
      check(options)
      return changes.subscribe(query, options)
    },
    transaction: begin,
    setSchema({ properties = {} }) {
      check()
      const wanted = Object.entries(properties).filter(([, { index, unique }]) => index || unique)
      for (const path of table.addIndexes(wanted.map(([path, { unique = false }]) => ({ path, unique }))))
        told.add(path)
      const unwanted = Object.keys(properties).filter(path => properties[path]?.index === false)
      for (const path of unwanted) if (!properties[path]?.unique && told.has(path)) table.dropIndex(path)
    },
    close() {
      if (!open) return
      open = false
      changes.close()
      for (const sql of [...transactions]) sql.leave()
      for (const each of [...large.held]) each.end()
      closed()
    },
  })
}
