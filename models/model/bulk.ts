/** Many objects at once: in one transaction, with a word about how far it is. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Attribution, MaybePromise, Options, Transaction, TransactionOptions } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'

export type Many<I> = Iterable<I> | AsyncIterable<I>

export interface Progress {
  /** How many are done, though not yet committed. */
  readonly done: number
  /** How many there are, where that is known. */
  readonly total?: number | undefined
}

export interface BulkOptions extends Options, Attribution {
  /**
   * All or nothing, in a transaction: the default. `false`: one by one, each for itself, as a store without transactions can
   * do only; what is done before an error stays.
   */
  readonly atomic?: boolean | undefined
  /** Told after each chunk, and at the end. */
  readonly progress?: ((progress: Progress) => void) | undefined
  /** After how many objects progress is told, and others get a turn; 1,000 by default. */
  readonly chunk?: number | undefined
}

export interface BulkPutOptions extends BulkOptions {
  /** Only new objects: one whose id is taken is a `PreconditionFailedError`. */
  readonly ifNoneMatch?: '*' | undefined
}

/** Does the work in a transaction, unless it need not be all or nothing. */
export async function allOrNothing<R>(
  begin: ((options: TransactionOptions) => MaybePromise<Transaction>) | undefined,
  { atomic = true, signal, actor, reason }: BulkOptions,
  work: (tx: Transaction | undefined) => MaybePromise<R>,
): Promise<Awaited<R>> {
  signal?.throwIfAborted()
  if (!atomic) return await work(undefined)
  if (!begin) {
    const hint = 'with atomic: false it is done one by one, and what is done before an error stays'
    throw new StoreError('NotSupportedError', `the store has no transactions: ${hint}`)
  }
  return await transaction({ transaction: begin }, tx => work(tx as Transaction), { signal, actor, reason })
}

/** Does the work on each item, one after the other. An error says which. Gives how many there were. */
export async function onAll<I>(
  items: Many<I>,
  { signal, progress, chunk = 1000 }: BulkOptions,
  work: (item: I) => MaybePromise<unknown>,
): Promise<number> {
  const total = sizeOf(items)
  let done = 0
  for await (const item of interruptible(items, signal)) {
    try {
      await work(item)
    } catch (error) {
      throw at(done, error)
    }
    done++
    if (done % chunk !== 0) continue
    progress?.({ done, total })
    await turn()
  }
  signal?.throwIfAborted()
  if (done % chunk !== 0 || done === 0) progress?.({ done, total })
  return done
}

function sizeOf(items: object): number | undefined {
  const { length, size } = items as { length?: unknown; size?: unknown }
  return [length, size].find(each => typeof each === 'number') as number | undefined
}

/** The items, until the signal aborts: then its reason, even while the next item is still to come. */
async function* interruptible<I>(items: Many<I>, signal: AbortSignal | undefined): AsyncGenerator<I, undefined> {
  if (Symbol.iterator in items) {
    for (const item of items) {
      signal?.throwIfAborted()
      yield item
    }
    return
  }
  const iterator = items[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const next = await beforeAbort(iterator.next(), signal)
      ended = next.done === true
      if (next.done) return
      yield next.value
    }
  } finally {
    // who does not answer is not waited for
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

function beforeAbort<R>(work: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

const turn = () => new Promise<void>(resolve => setTimeout(resolve))

/** The same error, with the position of the object in what was given. */
function at(position: number, error: unknown): unknown {
  if (!isStoreError(error)) return error
  const { name, message, method, id, issues } = error
  return new StoreError(name, `at position ${position}: ${message}`, {
    method,
    id,
    issues: issues?.map(issue => ({ ...issue, path: [position, ...issue.path] })),
    cause: error,
  })
}
