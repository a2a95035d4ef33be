import { type Plan, plan } from '../../lib/query/plan.js'
import type { Options, Query, QueryOptions } from '../../lib/store.js'
import type { Database } from './database.js'
import type { Table } from './layout.js'
import type { Readers } from './readers.js'
import { answer, answerFrom, type LargeResults } from './results.js'

/** What a query outside a transaction reads from. */
export interface QueryParts {
  readonly database: Database
  readonly table: Table
  /** Throws if the store is closed or the signal aborted. */
  check(options?: Options): void
  readonly large: LargeResults
}

/**
 * The `query` of a store: its answers are iterable, or async iterable where they may have to wait for a transaction.
 */
export function queryOf<T>(parts: QueryParts) {
  const { database, check } = parts
  const { readers } = database
  const answers = readers
    ? (planned: Plan, options: Options) => atOnce<T>(parts, readers, planned, options)
    : (planned: Plan, options: Options) => inTurn<T>(parts, planned, options)
  return (query?: Query, options: QueryOptions = {}) => {
    check(options)
    return answers(plan(query, options), options)
  }
}

function atOnce<T>(
  { table, check, large }: QueryParts,
  readers: Readers,
  planned: Plan,
  options: Options,
): Iterable<T> {
  return {
    [Symbol.iterator]() {
      check(options)
      const reader = readers.borrow()
      const items = reader
        ? answerFrom(reader, table.layout, planned, large)
        : readers.use(connection => answer(connection, table.layout, planned))
      return checked<T>(items, options)
    },
  }
}

function inTurn<T>({ database, table, check }: QueryParts, planned: Plan, options: Options): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      check(options)
      const items = await database.read(connection => {
        check(options)
        return connection.reading(() => answer(connection, table.layout, planned))
      }, options)
      yield* untilAborted(items, options.signal) as Iterable<T>
    },
  }
}

/** The items, until the signal aborts, if there is one. */
export function checked<T>(items: Iterable<unknown>, { signal }: Options): Iterator<T> {
  return (signal ? untilAborted(items, signal) : items[Symbol.iterator]()) as Iterator<T>
}

function* untilAborted(items: Iterable<unknown>, signal: AbortSignal | undefined): Generator<unknown> {
  for (const item of items) {
    signal?.throwIfAborted()
    yield item
  }
}
