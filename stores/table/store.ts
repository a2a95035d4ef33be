/** A full store over a table in memory. What makes its changes last, if anything, is given to it. */
import { StoreError } from '../../lib/errors.js'
import { feed } from '../../lib/feed.js'
import { checkId, toKey } from '../../lib/id.js'
import { type Identified, type IdentityOptions, identity } from '../../lib/identity.js'
import { type Lock, lock } from '../../lib/lock.js'
import type {
  Change,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Query,
  Store,
  Transaction,
  TransactionOptions,
} from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import { groupCommit } from './group-commit.js'
import { layer } from './layer.js'
import { countIn, queryIn } from './read.js'
import type { Table, View } from './table.js'
import { openTransaction } from './transaction.js'
import { type Decided, decideDelete, decidePut, make } from './write.js'

/** How long a write waits for a transaction to end, in milliseconds. */
export const writeTimeout = 5000

export interface TableStoreOptions<T extends object> extends IdentityOptions {
  readonly table: Table<T>
  /** Makes change sets last, each of them whole or not at all. Without it, changes are kept in memory only. */
  readonly persist?: ((sets: readonly (readonly Decided<T>[])[]) => Promise<void>) | undefined
  /** Called once, when the last write has ended. */
  readonly closed?: (() => MaybePromise<void>) | undefined
}

/** The methods that `tableStore` always gives: reading is synchronous, so is writing where nothing has to wait. */
export interface TableStore<T extends object, K extends Id> extends Required<Store<T, K>> {
  get(id: K, options?: Options): T | undefined
  query(query?: Query, options?: Parameters<NonNullable<Store['query']>>[1]): Iterable<T>
  count(query?: Query, options?: Parameters<NonNullable<Store['count']>>[1]): number
}

export function tableStore<T extends object, K extends Id>(options: TableStoreOptions<T>): TableStore<T, K> {
  const { table, persist, closed } = options
  const identify = identity(options)
  const gate: Lock = lock()
  const changes = feed<T, K>()
  const transactions = new Set<Transaction>()
  let open = true
  let closing: MaybePromise<void>

  /** What is decided, lasting or not yet: what the next write is checked against. */
  let latest = persist ? layer(table) : undefined
  const commit =
    persist &&
    groupCommit<readonly Decided<T>[]>({
      write: async sets => {
        const some = sets.filter(set => set.length > 0)
        if (some.length > 0) await persist(some)
      },
      landed: sets => sets.forEach(land),
      failed: () => {
        latest = layer(table)
      },
    })

  function check({ signal }: Options = {}): void {
    if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  function land(set: readonly Decided<T>[]): void {
    for (const change of set) {
      make(table, change)
      if (latest?.changed.get(change.key) === change.object) latest?.forget(change.key)
    }
    if (changes.followed) changes.publish(set as readonly Change<T>[])
  }

  function write<R>(
    decide: Decide<T>,
    result: (decided: Decided<T> | undefined) => R,
    { signal }: Options,
  ): MaybePromise<R> {
    return when(gate.read({ signal, timeout: writeTimeout }), release =>
      settle(
        () => attempt(decide, signal),
        decided => {
          release()
          return result(decided)
        },
        rethrowAfter(release),
      ),
    )
  }

  /** Makes a change that is allowed. */
  function attempt(decide: Decide<T>, signal: AbortSignal | undefined): MaybePromise<Decided<T> | undefined> {
    check({ signal })
    if (!commit || !latest) {
      const decided = decide(table)
      if (decided) land([decided])
      return decided
    }
    const pending = latest.changed.size > 0
    const decided = pending ? allowed(decide, latest) : decide(latest)
    if (decided) {
      make(latest, decided)
      return commit([decided]).then(() => decided)
    }
    // what refuses it does not last yet: it may still fail, and who reads does not see it. Wait, and ask again
    const again = () => attempt(decide, signal)
    if (pending && allowed(decide, table)) return commit([]).then(again, again)
    return decide(table)
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

  function begin({ signal, timeout = writeTimeout }: TransactionOptions = {}): MaybePromise<Transaction<T, K>> {
    check({ signal })
    return when(gate.write({ signal, timeout }), release => {
      try {
        check({ signal })
      } catch (error) {
        release()
        throw error
      }
      const tx: Transaction<T, K> = openTransaction<T, K>({
        table,
        identify,
        check,
        preparable: !commit,
        land: set => (commit ? commit(set) : land(set)),
        ended: () => {
          transactions.delete(tx)
          release()
        },
      })
      transactions.add(tx)
      return tx
    })
  }

  return Object.freeze<TableStore<T, K>>({
    get(id, options) {
      check(options)
      const object = table.get(toKey(id))
      if (object === undefined) checkId(id)
      return copy(object)
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
    query: (query, options) => queryIn(table, check, query, options),
    count: (query, options) => countIn(table, check, query, options),
    subscribe(query, options) {
      check(options)
      return changes.subscribe(query, options)
    },
    transaction: begin,
    setSchema({ properties = {} }) {
      check()
      for (const [path, { index, unique = false }] of Object.entries(properties)) {
        if (index || unique) table.addIndex({ path, unique })
      }
    },
    close() {
      if (!open) return closing
      open = false
      for (const tx of [...transactions]) tx.abort()
      closing = when(gate.write(), release => {
        // what was acknowledged until here is still given to those who follow
        changes.close()
        return settle(() => closed?.(), release, rethrowAfter(release))
      })
      return closing
    },
  })
}

/** Decides about a change against what a view holds: `undefined` if there is nothing to do, an error if it is refused. */
type Decide<T extends object> = (view: View<T>) => Decided<T> | undefined

/** The change, if it is allowed and there is something to do. */
function allowed<T extends object>(decide: Decide<T>, view: View<T>): Decided<T> | undefined {
  try {
    return decide(view)
  } catch {
    return undefined
  }
}

function rethrowAfter(release: () => void) {
  return (error: unknown): never => {
    release()
    throw error
  }
}
