/** Brings pending writes to the inner store, in their order, and again after a failure. */
import type { Pending } from '../../lib/overlay.js'
import { can, type Id, type MaybePromise, type Store, type Transaction } from '../../lib/store.js'
import { isPromise, settle, when } from '../../lib/when.js'
import type { Queue } from './queue.js'

/** Why a write is still pending. */
export interface Problem {
  /** The write that the inner store did not take; absent if it was the commit of them all. */
  readonly id?: Id
  readonly error: unknown
  /** How often it was tried since the last success. */
  readonly tries: number
}

/** Calls back once after so many milliseconds; gives what prevents it. */
export type Later = (work: () => void, ms: number) => () => void

export interface FlushingOptions {
  readonly inner: Store
  readonly queue: Queue
  /** How long it may be until the next flush, in milliseconds. */
  readonly every: number
  onError(problem: Problem): void
  readonly later: Later
  /** Nothing is pending any more. */
  done(): void
}

export interface Flushing {
  /** Something is pending: it will be flushed in time. */
  due(): void
  /** Brings all that is pending now to the inner store, or throws what prevents it. */
  flush(): MaybePromise<void>
  /** The same, where nobody waits for it. */
  attempt(): void
  readonly problem: Problem | undefined
  readonly flushes: number
  /** No more by itself. */
  stop(): void
}

/** The longest pause between tries, in milliseconds. */
const longestPause = 60_000

export function flushing({ inner, queue, every, onError, later, done }: FlushingOptions): Flushing {
  let problem: Problem | undefined
  let flushes = 0
  let cancel: (() => void) | undefined
  let running: Promise<void> | undefined

  function due(): void {
    if (cancel) return
    // the pause doubles with every failure
    const pause = Math.min(every * 2 ** (problem?.tries ?? 0), Math.max(every, longestPause))
    cancel = later(() => {
      cancel = undefined
      attempt()
    }, pause)
  }

  function attempt(): void {
    // that it failed is told by onError, and it is tried again
    settle(flush, nothing, nothing)
  }

  function stop(): void {
    cancel?.()
    cancel = undefined
  }

  /** One at a time: who comes while others flush waits, and then flushes the rest. */
  function flush(): MaybePromise<void> {
    if (running) return running.then(flush, flush)
    if (queue.size === 0) return undefined
    stop()
    const ended = settle(() => writeAll(queue.writes()), succeeded, failed)
    if (!isPromise(ended)) return undefined
    running = ended.finally(() => {
      running = undefined
    })
    return running
  }

  function succeeded(): void {
    flushes++
    problem = undefined
    if (queue.size > 0) due()
    else done()
  }

  function failed(error: unknown): never {
    const { cause, id } = error instanceof Refused ? error : { cause: error, id: undefined }
    problem = { ...(id !== undefined && { id }), error: cause, tries: (problem?.tries ?? 0) + 1 }
    due()
    onError(problem)
    throw cause
  }

  /** In one transaction where the inner store has them, so that they last together, which is faster too. */
  function writeAll(batch: readonly Pending[]): MaybePromise<void> {
    if (!can(inner, 'transaction') || batch.length === 1) return writeEach(inner, batch, queue.landed)
    return when(inner.transaction(), tx => writeIn(tx, batch))
  }

  /** What comes before a write that is refused is committed. */
  function writeIn(tx: Transaction, batch: readonly Pending[]): MaybePromise<void> {
    const taken: Pending[] = []
    const commit = () => when(tx.commit(), () => taken.forEach(queue.landed))
    const all = () =>
      settle(
        () => writeEach(tx, batch, write => void taken.push(write)),
        commit,
        error => when(taken.length > 0 ? commit() : undefined, () => fail(error)),
      )
    return settle(all, nothing, error =>
      settle(
        () => tx.abort(),
        () => fail(error),
        () => fail(error),
      ),
    )
  }

  return {
    due,
    flush,
    attempt,
    stop,
    get problem() {
      return problem
    },
    get flushes() {
      return flushes
    },
  }
}

/** A write that the store did not take. */
class Refused {
  constructor(
    readonly id: Id,
    readonly cause: unknown,
  ) {}
}

function writeEach(
  target: Store | Transaction,
  batch: readonly Pending[],
  taken: (write: Pending) => void,
): MaybePromise<void> {
  const rest = batch.values()
  for (const write of rest) {
    const end = writeOne(target, write, taken)
    if (isPromise(end)) return end.then(async () => others(rest))
  }
  return undefined

  async function others(rest: Iterable<Pending>): Promise<void> {
    for (const write of rest) await writeOne(target, write, taken)
  }
}

function writeOne(target: Store | Transaction, write: Pending, taken: (write: Pending) => void): MaybePromise<void> {
  const { id, object } = write
  return settle(
    (): MaybePromise<unknown> => (object ? target.put?.(object, { id }) : target.delete?.(id)),
    () => taken(write),
    error => {
      throw new Refused(id, error)
    },
  )
}

function nothing(): void {}

function fail(error: unknown): never {
  throw error
}
