/** Writes to a store that has no transactions, one after the other. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Pending } from '../../lib/overlay.js'
import type { Id, MaybePromise, Precondition, Store } from '../../lib/store.js'
import { isPromise, settle, when } from '../../lib/when.js'
import { writingBack } from '../../lib/write-back.js'

export type Writable = Required<Pick<Store, 'get' | 'put' | 'delete'>>

/** A write, what it replaces, and what the inner store is asked to make sure of. */
export interface Step extends Pending {
  readonly previous: object | undefined
  readonly condition: Precondition
}

/**
 * Makes all writes, or none: what was made before one that fails is taken back, and the error is thrown. If that fails too,
 * it is a `PartialWriteError`, with the positions of those that stay made and of those that are not.
 */
export function apply(inner: Writable, steps: readonly Step[]): MaybePromise<void> {
  return when(makeAll(inner, steps, 'stop'), ({ failed, touched }) => {
    const [failure] = failed
    if (!failure) return
    const back = writingBack(inner)
    const undoing = touched.map(step => ({ ...step, object: back(step.previous), condition: {} }))
    return when(makeAll(inner, undoing, 'go on'), undone => {
      if (undone.failed.length === 0) throw failure.error
      const kept = new Set(undone.failed.map(({ step }) => toKey(step.id)))
      throw half(
        steps.map(({ id }) => id),
        kept,
        failure.error,
      )
    })
  })
}

interface Failure {
  readonly step: Step
  readonly error: unknown
}

interface Made {
  readonly failed: readonly Failure[]
  /** Those that were made, and those of which nobody knows. */
  readonly touched: readonly Step[]
}

/**
 * Writes that would break a unique key as long as others are not made come after those; where they wait for each other,
 * the objects are taken away before they are put.
 */
function makeAll(inner: Writable, steps: readonly Step[], after: 'stop' | 'go on'): MaybePromise<Made> {
  const failed: Failure[] = []
  const touched = new Map<Id, Step>()
  const touch = (step: Step) => void touched.set(toKey(step.id), step)

  function pass(waiting: readonly Step[], emptied: boolean): MaybePromise<void> {
    const blocked: Failure[] = []
    const make = (step: Step) =>
      settle(
        () => place(inner, step),
        () => touch(step),
        error => {
          if (isStoreError(error, 'ConstraintError')) return void blocked.push({ step, error })
          failed.push({ step, error })
          if (!isStoreError(error) || error.name === 'OutcomeUnknownError') touch(step)
        },
      )
    const stopped = () => failed.length > 0 && after === 'stop'
    return when(inTurn(waiting, make, stopped), () => {
      if (blocked.length === 0 || stopped()) return
      const again = blocked.map(({ step }) => step)
      if (blocked.length < waiting.length) return pass(again, emptied)
      if (emptied) return void failed.push(...blocked)
      const empty = (step: Step) => {
        touch(step)
        return when(inner.delete(step.id), nothing)
      }
      return settle(
        () => inTurn(again, empty, stopped),
        () => pass(again.map(withoutCondition), true),
        error => void failed.push(...again.map(step => ({ step, error }))),
      )
    })
  }

  return when(pass(steps, false), () => ({ failed, touched: [...touched.values()] }))
}

function place(inner: Writable, { id, object, condition }: Step): MaybePromise<void> {
  if (object) return when(inner.put(object, { ...condition, id }), nothing)
  const { ifMatch } = condition
  return when(inner.delete(id, ifMatch === undefined ? {} : { ifMatch }), nothing)
}

function nothing(): void {}

/** Does the work on one after the other, now as long as it is done now. */
function inTurn<I>(
  items: readonly I[],
  work: (item: I) => MaybePromise<void>,
  stopped: () => boolean,
): MaybePromise<void> {
  const rest = items.values()
  for (const item of rest) {
    const end = work(item)
    if (isPromise(end)) return end.then(later)
    if (stopped()) break
  }
  return undefined

  async function later(): Promise<void> {
    if (stopped()) return
    for (const item of rest) {
      await work(item)
      if (stopped()) return
    }
  }
}

/** What was taken away to make room cannot be what the write expects. */
function withoutCondition(step: Step): Step {
  return { ...step, condition: {} }
}

function half(ids: readonly Id[], kept: ReadonlySet<Id>, cause: unknown): StoreError {
  const positions = ids.map((_, at) => at)
  const isKept = (at: number) => kept.has(toKey(ids[at] as Id))
  const done = positions.filter(isKept)
  const named = done.slice(0, 10).map(at => ids[at])
  const message = `the commit failed in the middle and could not be taken back: what is stored under ${named.join(', ')} may be new`
  return new StoreError('PartialWriteError', message, { done, notDone: positions.filter(at => !isKept(at)), cause })
}
