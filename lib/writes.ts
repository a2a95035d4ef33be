/** One handler for put, add and delete, outside a transaction and inside: what validation, history, views… hang on. */
import { derive, forward } from './derive.js'
import type { DeleteOptions, Id, MaybePromise, PutOptions, Store, Transaction, TransactionOptions } from './store.js'
import { when } from './when.js'

/** A write that was asked for. */
export type Write<T extends object, K extends Id> =
  | { readonly method: 'put' | 'add'; readonly object: T; readonly options: PutOptions<K> | undefined }
  | { readonly method: 'delete'; readonly id: K; readonly options: DeleteOptions | undefined }

/** Where a write goes: the inner store, or a transaction on it. */
export type Target<T extends object, K extends Id> = Pick<
  Store<T, K>,
  'get' | 'put' | 'add' | 'delete' | 'query' | 'count'
>

/** Does the write, usually by `perform(write, target)`, and gives what the caller gets. */
export type WriteHandler<T extends object, K extends Id> = (
  write: Write<T, K>,
  target: Target<T, K>,
) => MaybePromise<K | boolean>

/** The decisions of a wrapper that sends every write through one handler. */
export function writes<T extends object, K extends Id>(inner: Store<T, K>, handle: WriteHandler<T, K>) {
  return {
    ...through(inner, handle),
    transaction: (options?: TransactionOptions) =>
      when((inner.transaction as NonNullable<typeof inner.transaction>)(options), tx => transactionThrough(tx, handle)),
  }
}

/** The same inside a transaction. */
function transactionThrough<T extends object, K extends Id>(
  tx: Transaction<T, K>,
  handle: WriteHandler<T, K>,
): Transaction<T, K> {
  return derive(tx, {
    ...through(tx, handle),
    get: forward,
    query: forward,
    count: forward,
    prepare: forward,
    commit: forward,
    abort: forward,
  })
}

function through<T extends object, K extends Id>(target: Target<T, K>, handle: WriteHandler<T, K>) {
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
