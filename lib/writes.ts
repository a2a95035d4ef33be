/** One handler for put, add and delete, outside a transaction and inside: what caches, indexes, history, views… hang on. */
import { derive, forward } from './derive.js'
import type { DeleteOptions, Id, MaybePromise, PutOptions, Store, Transaction, TransactionOptions } from './store.js'
import { settle, when } from './when.js'

/** A write that was asked for. */
export type Write<T extends object, K extends Id> =
  | { readonly method: 'put' | 'add'; readonly object: T; readonly options: PutOptions<K> | undefined }
  | { readonly method: 'delete'; readonly id: K; readonly options: DeleteOptions | undefined }

/** Where a write goes: the inner store, or a transaction on it. */
export type Target<T extends object, K extends Id> = Pick<
  Store<T, K>,
  'get' | 'put' | 'add' | 'delete' | 'query' | 'count'
>

/** What ends as a whole: a write by itself, or a transaction. */
export interface Unit {
  /** Is it a transaction, whose writes others do not see yet? */
  readonly transaction: boolean
  /** Called once when it has been committed, in the order in which they were given, before whoever committed it goes on. */
  committed(work: () => void): void
  /** Called once when it has ended without effect, or so that nobody knows whether it had one. */
  failed(work: () => void): void
}

/** Does the write, usually by `perform(write, target)`, and gives what the caller gets. */
export type WriteHandler<T extends object, K extends Id> = (
  write: Write<T, K>,
  target: Target<T, K>,
  unit: Unit,
) => MaybePromise<K | boolean>

/** Decides about the methods by which a transaction is read; they are forwarded where it does not. */
export type Reading<T extends object, K extends Id> = (
  tx: Transaction<T, K>,
  unit: Unit,
) => Partial<Pick<Transaction<T, K>, 'get' | 'query' | 'count'>>

/** The decisions of a wrapper that sends every write through one handler. */
export function writes<T extends object, K extends Id>(
  inner: Store<T, K>,
  handle: WriteHandler<T, K>,
  reading: Reading<T, K> = () => ({}),
) {
  const alone: Handle<T, K> = (write, target) => {
    const { unit, committed, failed } = begin(false)
    return settle(
      () => handle(write, target, unit),
      result => {
        committed()
        return result
      },
      error => {
        failed()
        throw error
      },
    )
  }
  return {
    ...through(inner, alone),
    transaction: (options?: TransactionOptions) =>
      when((inner.transaction as NonNullable<typeof inner.transaction>)(options), tx =>
        transactionThrough(tx, handle, reading),
      ),
  }
}

/** The same inside a transaction. */
function transactionThrough<T extends object, K extends Id>(
  tx: Transaction<T, K>,
  handle: WriteHandler<T, K>,
  reading: Reading<T, K>,
): Transaction<T, K> {
  const { unit, committed, failed } = begin(true)
  const withUnit: Handle<T, K> = (write, target) => handle(write, target, unit)
  return derive(tx, {
    ...through(tx, withUnit),
    get: forward,
    query: forward,
    count: forward,
    ...reading(tx, unit),
    prepare: forward,
    commit: () =>
      settle(
        () => tx.commit(),
        committed,
        error => {
          failed()
          throw error
        },
      ),
    abort: () => settle(() => tx.abort(), failed, rethrow),
  })
}

function rethrow(error: unknown): never {
  throw error
}

function begin(transaction: boolean) {
  const after = { committed: [] as (() => void)[], failed: [] as (() => void)[] }
  const end = (how: keyof typeof after) => () => {
    const works = after[how]
    after.committed = []
    after.failed = []
    for (const work of works) work()
  }
  const unit: Unit = {
    transaction,
    committed: work => void after.committed.push(work),
    failed: work => void after.failed.push(work),
  }
  return { unit, committed: end('committed'), failed: end('failed') }
}

type Handle<T extends object, K extends Id> = (write: Write<T, K>, target: Target<T, K>) => MaybePromise<K | boolean>

function through<T extends object, K extends Id>(target: Target<T, K>, handle: Handle<T, K>) {
  return {
    put: (object: T, options?: PutOptions<K>) => handle({ method: 'put', object, options }, target) as MaybePromise<K>,
    add: (object: T, options?: PutOptions<K>) => handle({ method: 'add', object, options }, target) as MaybePromise<K>,
    delete: (id: K, options?: DeleteOptions) =>
      handle({ method: 'delete', id, options }, target) as MaybePromise<boolean>,
  }
}

/** Does a write as it was asked for. */
export function perform<T extends object, K extends Id>(
  write: Write<T, K>,
  target: Target<T, K>,
): MaybePromise<K | boolean> {
  if (write.method === 'delete') return (target.delete as NonNullable<typeof target.delete>)(write.id, write.options)
  return (target[write.method] as NonNullable<typeof target.put>)(write.object, write.options)
}
