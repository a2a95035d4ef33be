import { setTimeout as pause } from 'node:timers/promises'
import type { MaybePromise } from '../../lib/store.js'
import { isUndecided } from './ask-log.js'
import { codeOf } from './failure.js'

export interface PatienceOptions {
  readonly signal?: AbortSignal | undefined
  /** How long to try, in milliseconds. */
  readonly timeout: number
}

/**
 * Does the work now; or later, if another process holds the database or is about to decide what is in doubt in it: tries again until the time is up, without
 * keeping this process from anything else. Work that is refused so must not have changed anything.
 */
export function patiently<R>(work: () => R, { signal, timeout }: PatienceOptions): MaybePromise<R> {
  try {
    return work()
  } catch (error) {
    if (!isBusy(error)) throw error
    return later(error)
  }

  async function later(first: unknown): Promise<R> {
    const end = performance.now() + timeout
    let failed = first
    while (performance.now() < end) {
      // at different times for different processes, or they would meet again
      await pause(2 + Math.random() * 10)
      signal?.throwIfAborted()
      try {
        return work()
      } catch (error) {
        if (!isBusy(error)) throw error
        failed = error
      }
    }
    throw failed
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error)?.startsWith('SQLITE_BUSY') || isUndecided(error)
}
