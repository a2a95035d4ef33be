import { StoreError } from './errors.js'
import type { MaybePromise } from './store.js'
import { settle, when } from './when.js'

export interface LockOptions {
  readonly signal?: AbortSignal | undefined
  /** How long to wait, in milliseconds, before a `TimeoutError`. For ever if not given. */
  readonly timeout?: number | undefined
}

/** Gives the lock back. Calling it again is harmless. */
export type Release = () => void

/** A fair read/write lock: any number of readers or one writer, in the order in which they asked. */
export interface Lock {
  read(options?: LockOptions): MaybePromise<Release>
  write(options?: LockOptions): MaybePromise<Release>
}

interface Waiting {
  readonly writer: boolean
  enter(): void
}

/** Makes a lock. Entering a free lock is synchronous. */
export function lock(): Lock {
  let readers = 0
  let writing = false
  const queue: Waiting[] = []

  const free = (writer: boolean) => !writing && (!writer || readers === 0)

  function enter(writer: boolean): Release {
    if (writer) writing = true
    else readers++
    let held = true
    return () => {
      if (!held) return
      held = false
      if (writer) writing = false
      else readers--
      admit()
    }
  }

  function admit(): void {
    while (queue[0] && free(queue[0].writer)) queue.shift()?.enter()
  }

  function wait(writer: boolean, { signal, timeout }: LockOptions): Promise<Release> {
    return new Promise((resolve, reject) => {
      const waiting = { writer, enter: () => leave(() => resolve(enter(writer))) }
      const leave = (then: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        then()
      }
      const giveUp = (reason: unknown) => {
        queue.splice(queue.indexOf(waiting), 1)
        leave(() => reject(reason))
        admit()
      }
      const onAbort = () => giveUp(signal?.reason)
      const timer = timeout === undefined ? undefined : setTimeout(() => giveUp(waitedTooLong(timeout)), timeout)
      signal?.addEventListener('abort', onAbort)
      queue.push(waiting)
    })
  }

  function ask(writer: boolean, options: LockOptions): MaybePromise<Release> {
    options.signal?.throwIfAborted()
    return queue.length === 0 && free(writer) ? enter(writer) : wait(writer, options)
  }

  return {
    read: (options = {}) => ask(false, options),
    write: (options = {}) => ask(true, options),
  }
}

/** Does the work while it has the lock, and gives it back, however that ends. */
export function holding<R>(asked: MaybePromise<Release>, work: () => MaybePromise<R>): MaybePromise<R> {
  return when(asked, release =>
    settle(
      work,
      result => {
        release()
        return result
      },
      error => {
        release()
        throw error
      },
    ),
  )
}

function waitedTooLong(timeout: number): StoreError {
  const hint = 'is a transaction still open, or was the store used inside one in place of the transaction?'
  return new StoreError('TimeoutError', `waited ${timeout} ms for other writers to finish: ${hint}`)
}
