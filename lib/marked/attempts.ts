/** A write of marked objects is tried again if others came in between, and once there is room for it. */
import { isStoreError } from '../errors.js'
import type { Id, MaybePromise, Options } from '../store.js'
import { equal } from '../value.js'
import { isPromise, settle, when } from '../when.js'
import type { Marked, Meaning } from './meaning.js'

/** How often a write is tried while others write to the same object. */
const tries = 1000
/** How often while nobody seems to. */
const triesUnchanged = 2

/** What was seen when it was tried before, and how often it may be tried yet. */
interface Look<T> {
  readonly left: number
  readonly stored?: T | undefined
}

export function attempts<T extends object, K extends Id, W>(target: Marked<T, K>, meaning: Meaning<T, K, W>) {
  const { mark, sees, makeRoom, replaced } = meaning
  const inner = target as Required<Marked<T, K>>

  /** Does what is decided about what is stored. `keep` is called before the caller can go on. */
  function looking<R>(
    id: K,
    options: Options,
    decide: (stored: T | undefined) => () => MaybePromise<R>,
    keep: () => void = nothing,
    last: Look<T> = { left: tries },
  ): MaybePromise<R> {
    function go(stored: T | undefined): MaybePromise<R> {
      // if nothing has changed, the inner store has reasons of its own to refuse
      const unchanged = last.left < tries && equal(stored, last.stored)
      const left = unchanged ? Math.min(last.left, triesUnchanged) : last.left
      const again = () => looking(id, options, decide, keep, { left: left - 1, stored })
      return settle(
        decide(stored),
        result => (replaced && stored && sees(mark.of(stored)) ? when(replaced(stored), () => result) : result),
        error => (left > 0 && isStoreError(error, 'PreconditionFailedError') ? again() : roomFor(error, again)),
      )
    }

    const result = when(inner.get(id, options.signal && { signal: options.signal }), go)
    if (isPromise(result)) keep()
    return result
  }

  /** Does what needs no look. */
  function adding<R>(work: () => MaybePromise<R>, keep: () => void): MaybePromise<R> {
    const result = settle(
      work,
      result => result,
      error => roomFor(error, () => adding(work, keep)),
    )
    if (isPromise(result)) keep()
    return result
  }

  function roomFor<R>(error: unknown, again: () => MaybePromise<R>): MaybePromise<R> {
    if (!makeRoom || !isStoreError(error, 'ConstraintError')) throw error
    return when(makeRoom(target), made => {
      if (!made) throw error
      return again()
    })
  }

  return { looking, adding }
}

function nothing(): void {}
