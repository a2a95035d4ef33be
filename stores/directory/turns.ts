import { isStoreError, StoreError } from '../../lib/errors.js'
import { type Lock, type LockOptions, lock, type Release } from '../../lib/lock.js'
import type { MaybePromise } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import { writeTimeout } from '../table/store.js'

export interface TurnsOptions {
  /** Takes the lock that the processes share, or throws an `InvalidStateError` at once. */
  take(): Promise<() => Promise<void>>
  /** Called with the lock, before anything is done: sees what others did meanwhile. */
  taken(): Promise<void>
}

/**
 * The turns of several processes that share one lock. A process takes it when the first of its calls needs it, and lets the
 * calls that come within the turn share it; then it steps back, so that the others get theirs.
 */
export interface Turns {
  /** For who reads. */
  reading(options?: LockOptions): MaybePromise<Release>
  /** For who writes. */
  readonly gate: Lock
  /** Gives the lock back, if it is held. Called when nobody is inside. */
  leave(): Promise<void>
}

/** How long a turn takes new calls in, in milliseconds. */
const longest = 20
/** How long a process steps back after a full turn. */
const rest = 4

export function turns({ take, taken }: TurnsOptions): Turns {
  const local = lock()
  let release: (() => Promise<void>) | undefined
  let leaving: Promise<void> | undefined
  let attempt: Promise<void> | undefined
  /** When the first came in. */
  let started = Infinity
  let pause = 0
  let inside = 0
  let writers = 0
  let holder: unknown

  const isFull = () => performance.now() - started > longest

  function enter(writer: boolean): Release {
    // a turn begins with whoever comes first, however late, or it could be full before anybody came
    started = Math.min(started, performance.now())
    inside++
    if (writer) writers++
    let entered = true
    return () => {
      if (!entered) return
      entered = false
      inside--
      if (writer) writers--
      if (inside === 0) finish()
    }
  }

  /** The last is out: unless somebody comes at once the turn is over. */
  function finish(): void {
    setImmediate(() => {
      if (inside === 0) void leave().catch(() => {})
    })
  }

  function leave(): Promise<void> {
    if (!release) return leaving ?? Promise.resolve()
    pause = isFull() ? rest : 0
    leaving = release().finally(() => {
      leaving = undefined
    })
    release = undefined
    return leaving
  }

  /** Tries once to begin a turn, for all who wait. */
  async function begin(): Promise<void> {
    await leaving
    if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
    pause = 1 + Math.random() * 3
    let given: () => Promise<void>
    try {
      given = await take()
    } catch (error) {
      if (!isStoreError(error, 'InvalidStateError')) throw error
      holder = error
      return
    }
    try {
      await taken()
    } catch (error) {
      await given()
      throw error
    }
    release = given
    started = Infinity
  }

  async function wait(writer: boolean, { signal, timeout = writeTimeout }: LockOptions): Promise<Release> {
    const end = performance.now() + timeout
    while (true) {
      if (release && mayJoin(writer)) return enter(writer)
      signal?.throwIfAborted()
      if (performance.now() > end)
        throw new StoreError('TimeoutError', `waited ${timeout} ms for a turn`, { cause: holder })
      if (release) await new Promise(resolve => setTimeout(resolve, 1))
      else {
        attempt ??= begin().finally(() => {
          attempt = undefined
        })
        await attempt
      }
    }
  }

  /** A full turn takes in nobody, but who reads while the process writes: the writer may wait for what he reads. */
  function mayJoin(writer: boolean): boolean {
    return !isFull() || (!writer && writers > 0)
  }

  function join(writer: boolean, options: LockOptions = {}): MaybePromise<Release> {
    return release && mayJoin(writer) ? enter(writer) : wait(writer, options)
  }

  /** First the others of this process, then those of other processes. */
  function both(asked: MaybePromise<Release>, options: LockOptions | undefined): MaybePromise<Release> {
    return when(asked, mine =>
      settle(
        () => join(true, options),
        turn => () => {
          turn()
          mine()
        },
        error => {
          mine()
          throw error
        },
      ),
    )
  }

  return {
    leave,
    reading: options => join(false, options),
    gate: {
      read: options => both(local.read(options), options),
      write: options => both(local.write(options), options),
    },
  }
}
