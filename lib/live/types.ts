import type { Id, Options } from '../store.js'

export interface LiveOptions extends Options {
  /** The property that holds an object's id: `id` by default. */
  readonly idProperty?: string | undefined
}

/** What has changed in the array of a live query: `from` is a place in the one before, `index` in the one after. */
export type LiveChange<T, K extends Id = Id> =
  | { readonly type: 'add'; readonly id: K; readonly object: T; readonly index: number }
  | { readonly type: 'change'; readonly id: K; readonly object: T; readonly index: number; readonly from: number }
  | { readonly type: 'remove'; readonly id: K; readonly from: number }

/** One step of a live query: all that matches and how it came about. */
export type LiveItem<T, K extends Id = Id> = LiveSet<T> | LiveChanges<T, K>

/** Comes first, and again whenever changes were missed. */
export interface LiveSet<T> {
  readonly type: 'set'
  readonly objects: readonly T[]
  /** Was there a set before, of which the changes up to this one were missed? */
  readonly again: boolean
}

/**
 * Comes whenever commits have changed something: one, or all since the last step. To follow in an array of your own, take
 * out what stands at each `from`, the last place first; then put in each `object` at its `index`, the first place first: they
 * come in this order.
 */
export interface LiveChanges<T, K extends Id = Id> {
  readonly type: 'changes'
  readonly objects: readonly T[]
  readonly changes: readonly LiveChange<T, K>[]
}

/**
 * A query whose answer is kept up to date while somebody looks: who iterates it, or has subscribed. The objects are shared by
 * all who look, and are not to be changed, unless they are instances, whose `save()` does that. An object that did not change
 * stays the same one, and so does the array.
 */
export interface Live<T, K extends Id = Id> extends AsyncIterable<LiveItem<T, K>> {
  /** The answer as it is now, or `undefined` while it is not known: before it was first read, and while nobody looks. */
  readonly current: readonly T[] | undefined
  /** Why it has ended, if it has failed. */
  readonly error: unknown
  /** Calls when `current` may be another, until the function that it gives is called. Made for `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void
  /** Steps, from a first set on: one at a time, however many commits there were. Ends with the store. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LiveItem<T, K>, undefined>
  /** Ends it for all who look, quietly, and for good. */
  readonly close: () => void
}
