import { type Decisions, derive, forward, hide, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import type { IdentityOptions } from '../lib/identity.js'
import { holding, lock } from '../lib/lock.js'
import { checkStore } from '../lib/need.js'
import { uniqueKeys } from '../lib/overlay-unique.js'
import { identifying } from '../lib/overlay-writes.js'
import {
  can,
  type Id,
  type MaybePromise,
  methods,
  type Options,
  type PutOptions,
  type Store,
  type Transaction,
  type TransactionOptions,
} from '../lib/store.js'
import { checkedCopy } from '../lib/value.js'
import { settle, when } from '../lib/when.js'
import type { Step, Writable } from './transactional/apply.js'
import { oneState } from './transactional/one-state.js'
import { type OpenTransaction, openTransaction } from './transactional/transaction.js'

/** How ids are made and found: as the inner store does it. */
export type TransactionalOptions = IdentityOptions

interface Transacting<T extends object, K extends Id> {
  transaction(options?: TransactionOptions): MaybePromise<Transaction<T, K>>
}
/** Writes that may have to wait for a transaction. */
type Waiting<S> = {
  readonly [M in Extract<keyof S, 'put' | 'add' | 'delete'>]: S[M] extends (...args: infer A) => infer R
    ? (...args: A) => MaybePromise<Awaited<R>>
    : S[M]
}
/** The store with transactions: as it is, if it has them. */
export type Transactional<S extends Store> = S extends { transaction(...args: never): unknown }
  ? Wrapped<S>
  : S extends Store<infer T, infer K>
    ? Wrapped<S, never, Waiting<S> & Transacting<T, K>>
    : never

/** How long a write waits for a transaction to end, in milliseconds. */
const writeTimeout = 5000

/**
 * Gives transactions to a store that has none: their writes are kept in memory, and made one after the other at the commit.
 * Who uses the store through this one wrapper sees all of a commit or nothing; one transaction at a time, other writes wait
 * for it. A write that fails is taken back with those before it; where that fails too, the commit is a `PartialWriteError`.
 *
 * It cannot promise what only the store could: if the process or the machine dies in the middle of a commit, a part of it
 * stays; and others who use the inner store see it half done. So it cannot `prepare`, and a group with other stores that
 * last is refused. A commit costs a get and a write for each object, a query in a transaction what the conditions select.
 * A store that has transactions is given back as it is.
 */
export function transactional<S extends Store>(inner: S, options?: TransactionalOptions): Transactional<S>
export function transactional(inner: Store, { idProperty: said, generateId }: TransactionalOptions = {}): Store {
  checkStore(inner)
  if (can(inner, 'transaction')) return introduce(forwarded(inner), { name: 'transactional', inner: [inner] })
  const target = checked(inner)
  const idProperty = idPropertyOf(inner, said)
  const identify = identifying({ idProperty, generateId })
  const unique = uniqueKeys(idProperty)
  const { reads, commit } = oneState(target, { idProperty, check })
  /** Writes by themselves, or one transaction. */
  const gate = lock()
  const transactions = new Set<OpenTransaction>()
  const count = { commits: 0, failed: 0 }
  let open = true
  let closing: MaybePromise<void>

  function check({ signal }: Options = {}): void {
    if (!open) throw new StoreError('InvalidStateError', 'the store is closed')
    signal?.throwIfAborted()
  }

  function write<R>(work: () => MaybePromise<R>, options: Options = {}): MaybePromise<R> {
    check(options)
    return holding(gate.read({ signal: options.signal, timeout: writeTimeout }), () => {
      check(options)
      return work()
    })
  }

  const put =
    (method: 'put' | 'add') =>
    (object: object, options?: PutOptions): MaybePromise<Id> => {
      // it may have to wait
      const own = checkedCopy(object)
      return write(() => (inner[method] as Writable['put'])(own, options), options)
    }

  function begin({ signal, timeout = writeTimeout, group }: TransactionOptions = {}): MaybePromise<Transaction> {
    check({ signal })
    return when(gate.write({ signal, timeout }), release => {
      if (!open || signal?.aborted) release()
      check({ signal })
      const end = () => {
        transactions.delete(opened)
        release()
      }
      const opened = openTransaction({ inner: target, idProperty, unique, identify, check, commit: made }, end)
      transactions.add(opened)
      return opened.tx
    })

    function made(steps: readonly Step[]): MaybePromise<void> {
      return settle(
        () => commit(steps, group?.landed),
        () => void count.commits++,
        error => {
          count.failed++
          throw error
        },
      )
    }
  }

  const store = derive(inner, {
    get: reads.get,
    put: put('put'),
    add: put('add'),
    delete: (id, options) => write(() => target.delete(id, options), options),
    query: reads.query,
    count: can(inner, 'query') ? reads.count : hide,
    subscribe: forward,
    transaction: provide(begin),
    setSchema(schema) {
      inner.setSchema?.(schema)
      if (can(inner, 'query')) unique.tell(schema)
    },
    close() {
      if (!open) return closing
      open = false
      for (const each of [...transactions]) each.leave()
      closing = holding(gate.write(), () => inner.close?.())
      return closing
    },
  })
  return introduce(store, { name: 'transactional', inner: [inner], numbers: () => ({ ...count }) })
}

function checked(inner: Store): Writable {
  if (can(inner, 'get') && can(inner, 'put') && can(inner, 'delete')) return inner
  const reason = 'what a commit has written can only be taken back in a store that can get, put and delete'
  throw new StoreError('NotSupportedError', reason)
}

function forwarded(inner: Store): Store {
  const decisions = Object.fromEntries(methods.map(method => [method, forward]))
  return derive(inner, decisions as unknown as Decisions<Store>)
}
