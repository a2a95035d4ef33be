/** A full store over a table in memory. What makes its changes last, if anything, is given to it. */
import { StoreError } from '../../lib/errors.js'
import { type Feed, feed } from '../../lib/feed.js'
import { checkId, toKey } from '../../lib/id.js'
import { type Identified, type IdentityOptions, identity } from '../../lib/identity.js'
import { holding, type Lock, type LockOptions, lock, type Release } from '../../lib/lock.js'
import type {
  Coordinator,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Query,
  Store,
  Transaction,
  TransactionGroup,
  TransactionOptions,
} from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import { countIn, eventually, queryIn } from './read.js'
import type { Table } from './table.js'
import { type Prepared, TableTransaction, type TransactionParts } from './transaction.js'
import { type Decided, decideDelete, decidePut } from './write.js'
import { type Decide, writer } from './writer.js'

/** How long a write waits for a transaction to end, in milliseconds. */
export const writeTimeout = 5000

/** Does work that reads a table. */
export type Bring = <R>(work: () => MaybePromise<R>) => MaybePromise<R>

export interface TableStoreOptions<T extends object> extends IdentityOptions {
  readonly table: Table<T>
  /** Makes change sets last, each of them whole or not at all. Without it, changes are kept in memory only. */
  readonly persist?: ((sets: readonly (readonly Decided<T>[])[]) => Promise<void>) | undefined
  /** Writes a change set down, to last once the coordinator says so. */
  readonly prepare?: ((set: readonly Decided<T>[], coordinator: Coordinator) => Promise<Prepared>) | undefined
  /** Called once, when the last write has ended. */
  readonly closed?: (() => MaybePromise<void>) | undefined
  /**
   * Where the table does not hold everything: does the work, and where that throws `Absent`, now or later, reads what is
   * missing and does it again.
   */
  readonly bring?: Bring | undefined
  /** Where others write to the same objects: asked before anything is read outside a transaction. */
  readonly reading?: ((options: LockOptions) => MaybePromise<Release>) | undefined
  /** Where others write to the same objects: who writes asks here, in place of a lock of the store's own. */
  readonly gate?: Lock | undefined
  /** Who follows is told here, also by others than the store. */
  readonly changes?: Feed<T, Id> | undefined
}

/** The methods that `tableStore` always gives: reading is synchronous, so is writing where nothing has to wait. */
export interface TableStore<T extends object, K extends Id> extends Required<Store<T, K>> {
  get(id: K, options?: Options): T | undefined
  query(query?: Query, options?: Parameters<NonNullable<Store['query']>>[1]): Iterable<T>
  count(query?: Query, options?: Parameters<NonNullable<Store['count']>>[1]): number
}

/** Over a table that holds everything; over another, what reads may have to wait. */
export function tableStore<T extends object, K extends Id>(
  options: TableStoreOptions<T> & { readonly bring?: undefined; readonly reading?: undefined },
): TableStore<T, K>
export function tableStore<T extends object, K extends Id>(options: TableStoreOptions<T>): Required<Store<T, K>>
export function tableStore<T extends object, K extends Id>(options: TableStoreOptions<T>): Required<Store<T, K>> {
  const { table, persist, prepare, closed, bring = now, reading, gate = lock(), changes = feed<T, Id>() } = options
  const identify = identity(options)
  const { change, commit, land } = writer({ table, feed: changes, persist })
  /** The transaction that is open: there is one writer at a time. */
  let current: TableTransaction<T, K> | undefined
  /** With which others it ends. */
  let group: TransactionGroup | undefined
  /** The properties whose indexes a schema asked for. */
  const told = new Set<string>()
  let open = true
  let closing: MaybePromise<void>
  const parts: TransactionParts<T> = {
    table,
    bring,
    answer: found => (bring === now ? found : eventually(found, bring)),
    identify,
    check,
    land,
    commit: (set, group) => commit(set, group?.landed),
    prepare: persist ? prepare && ((set, group) => prepare(set, coordinatorOf(group))) : () => undefined,
  }

  function check({ signal }: Options = {}): void {
    if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  /** Where a transaction is in doubt, waiting in line helps nobody. */
  function asking(lock: () => MaybePromise<Release>): MaybePromise<Release> {
    if (!current || !group?.doubt) return lock()
    return group
      .doubt()
      .catch(error => Promise.reject(inDoubt(error)))
      .then(lock)
  }

  function read<R>(work: () => MaybePromise<R>, options: Options = {}): MaybePromise<R> {
    if (!reading) return bring(work)
    return holding(reading({ signal: options.signal, timeout: writeTimeout }), () => bring(work))
  }

  function write<R>(
    decide: Decide<T>,
    result: (decided: Decided<T> | undefined) => R,
    { signal }: Options,
  ): MaybePromise<R> {
    const attempt = () => {
      check({ signal })
      return change(decide)
    }
    return when(
      holding(
        asking(() => gate.read({ signal, timeout: writeTimeout })),
        () => bring(attempt),
      ),
      result,
    )
  }

  const put =
    (method: 'put' | 'add') =>
    (object: T, options: PutOptions = {}) => {
      check(options)
      const identified: Identified<T> = identify(object, options)
      return write(
        view => decidePut(view, method, identified, options),
        () => identified.id as K,
        options,
      )
    }

  function begin({
    signal,
    timeout = writeTimeout,
    group: own,
  }: TransactionOptions = {}): MaybePromise<Transaction<T, K>> {
    check({ signal })
    return when(
      asking(() => gate.write({ signal, timeout })),
      release => {
        try {
          check({ signal })
        } catch (error) {
          release()
          throw error
        }
        group = own
        if (persist) own?.join(table)
        current = new TableTransaction<T, K>(parts, own, () => {
          current = undefined
          release()
        })
        return current
      },
    )
  }

  const store: Required<Store<T, K>> = {
    get(id, options) {
      check(options)
      const key = toKey(id)
      return read(() => {
        const object = table.get(key)
        if (object === undefined) checkId(id)
        return copy(object)
      }, options)
    },
    put: put('put'),
    add: put('add'),
    delete(id, options: DeleteOptions = {}) {
      check(options)
      return write(
        view => decideDelete(view, id, options),
        decided => decided !== undefined,
        options,
      )
    },
    query(query, options) {
      const found = queryIn(table, check, query, options)
      return bring === now && !reading ? found : eventually(found, work => read(work, options))
    },
    count(query, options) {
      check(options)
      return read(() => countIn(table, check, query, options), options)
    },
    subscribe(query, options) {
      check(options)
      return (changes as Feed<T, K>).subscribe(query, options)
    },
    transaction: begin,
    setSchema({ properties = {} }) {
      check()
      for (const [path, { index, unique = false }] of Object.entries(properties)) {
        if (index || unique) {
          if (table.addIndex({ path, unique })) told.add(path)
        } else if (index === false && told.has(path)) table.dropIndex(path)
      }
    },
    close() {
      if (!open) return closing
      open = false
      if (current) TableTransaction.leave(current)
      closing = when(gate.write(), release => {
        // what was acknowledged until here is still given to those who follow
        changes.close()
        return holding(release, () => closed?.())
      })
      return closing
    },
  }
  return Object.freeze(store)
}

const now: Bring = work => work()

function inDoubt(cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreError('InvalidStateError', `nothing is written while a transaction is in doubt: ${reason}`, { cause })
}

function coordinatorOf(group: TransactionOptions['group']): Coordinator {
  if (group?.coordinator) return group.coordinator
  const hint = 'transaction(stores, work, { log })'
  throw new StoreError(
    'NotSupportedError',
    `a store that lasts prepares only where a log says what was decided: ${hint}`,
  )
}
