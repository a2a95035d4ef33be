/** The contract: what a store is, and what it may be asked. Every method is optional; a missing method is a missing ability. */
import type { Expression } from './query/expression.js'
import type { Schema } from './schema.js'

/** A value that is here now, or comes later. Callers of `Store` always `await`. */
export type MaybePromise<T> = T | Promise<T>

/** What names an object: a string, or a safe integer. `7` and `'7'` name the same object. */
export type Id = string | number

/** An object whose type nobody has told us. */
export type Data = Record<string, unknown>

/** What an untyped store holds: the one place where `any` is wanted, so that every store is a `Store`. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Anything = any

/** RQL, as text or parsed. */
export type Query = string | Expression

export interface Options {
  /** Ends the call early with the signal's reason. What had begun to be written is finished or undone, never half. */
  readonly signal?: AbortSignal | undefined
}

/** Conditions that hold at the moment of the write, or it is a `PreconditionFailedError`. */
export interface Precondition {
  /** What must be stored now: an object equal to this one, as it was read, or one with this ETag; `'*'` for any object. */
  readonly ifMatch?: string | object | undefined
  /** Only if nothing is stored under the id. */
  readonly ifNoneMatch?: '*' | undefined
}

/** Who writes, and why: hints, which a history keeps and other stores ignore. */
export interface Attribution {
  readonly actor?: string | undefined
  readonly reason?: string | undefined
}

export interface PutOptions<K extends Id = Id> extends Options, Precondition, Attribution {
  /** The id to store under. It must agree with the object's own, if that has one. */
  readonly id?: K | undefined
}

export interface DeleteOptions extends Options, Attribution, Pick<Precondition, 'ifMatch'> {}

export interface QueryOptions extends Options {
  /** The first position of the result to give, from 0. */
  readonly start?: number | undefined
  /** The position after the last to give. */
  readonly end?: number | undefined
  /** The values of `$1`, `$2`, … */
  readonly parameters?: readonly unknown[] | undefined
}

export interface CountOptions extends Options {
  readonly parameters?: readonly unknown[] | undefined
}

export interface SubscribeOptions extends Options {
  readonly parameters?: readonly unknown[] | undefined
  /**
   * First the changes after the one with this sequence, as far as a history keeps them, then those from now on. A store
   * without a history refuses it with a `NotSupportedError`.
   */
  readonly since?: number | undefined
}

export interface TransactionOptions extends Options, Attribution {
  /** How long to wait for other writers, in milliseconds, before a `TimeoutError`. */
  readonly timeout?: number | undefined
  /** The transactions that are to end together with this one. */
  readonly group?: TransactionGroup | undefined
}

/** Transactions on several stores that end together. */
export interface TransactionGroup {
  /**
   * A store that keeps its objects on a disk says which database they are in. `true` if another store on the same one has
   * begun in this group: then it joins that one's transaction, which commits when the last that shares it is told to: the
   * others' `commit` waits for that.
   */
  join(database: object): boolean
  /**
   * Where it will be written that the group commits. Where it is absent, no more than one database takes part, and nothing
   * has to be prepared for a crash.
   */
  readonly coordinator?: Coordinator | undefined
  /**
   * To be called by a transaction that commits without having prepared, at the moment when others can see what it wrote,
   * so that the rest of the group is seen in the same moment.
   */
  readonly landed?: (() => void) | undefined
  /**
   * There as long as nobody can say whether the group commits, since a disk has failed: tries once more to end the group,
   * and rejects if that still cannot be done. Who wants to write asks it, in place of waiting.
   */
  readonly doubt?: (() => Promise<void>) | undefined
}

/** What a prepared transaction writes down, so that after a crash it can be asked whether it was to commit. */
export interface Coordinator {
  /** The absolute path of the transaction log. */
  readonly log: string
  /** The name of the transaction in it. */
  readonly id: string
}

/** One committed write. */
export interface Change<T extends object = Anything, K extends Id = Anything> {
  readonly type: 'put' | 'delete'
  readonly id: K
  /** What is stored now. Absent from a delete. */
  readonly object?: T
  /** What was stored before. Absent where nothing was. */
  readonly previous?: T
  /** Its number in the history, if the store keeps one: `since` this the next can be asked for. */
  readonly sequence?: number
  /** The next change was made by the same commit: without it, the commit is complete as far as it concerns the follower. */
  readonly more?: true
}

export interface Store<T extends object = Anything, K extends Id = Anything> {
  /** The object of this id, as a fresh copy, or `undefined`. */
  get?(id: K, options?: Options): MaybePromise<T | undefined>
  /** Stores a copy of the object, over what was there. Gives its id. */
  put?(object: T, options?: PutOptions<K>): MaybePromise<K>
  /** Stores a copy of a new object. An id that is taken is a `ConstraintError`. */
  add?(object: T, options?: PutOptions<K>): MaybePromise<K>
  /** Removes the object of this id; `false` if there was none. */
  delete?(id: K, options?: DeleteOptions): MaybePromise<boolean>
  /** What matches, from one state of the store, in the order of the ids unless it is sorted. */
  query?(query?: Query, options?: QueryOptions): Iterable<T> | AsyncIterable<T>
  /** How many objects the same query would give. */
  count?(query?: Query, options?: CountOptions): MaybePromise<number>
  /** The changes committed from now on whose object, old or new, matches. */
  subscribe?(query?: Query, options?: SubscribeOptions): AsyncIterable<Change<T, K>>
  /** Opens a transaction; waits for other writers. */
  transaction?(options?: TransactionOptions): MaybePromise<Transaction<T, K>>
  /** Tells the store the types, indexes and unique keys of its objects. */
  setSchema?(schema: Schema): void
  /** Ends the store. Closing twice is harmless. */
  close?(): MaybePromise<void>
}

/** All or nothing, isolated, reads its own writes. Once ended, every call is a `TransactionInactiveError`. */
export interface Transaction<T extends object = Anything, K extends Id = Anything>
  extends Omit<Store<T, K>, 'transaction' | 'subscribe' | 'setSchema' | 'close'> {
  /**
   * Writes down all that is needed to commit, and where it will stand whether to. Once it has succeeded, `commit` cannot fail,
   * others see the writes as soon as it is called, and only `abort` or the end of the store can still prevent it. After a
   * crash or the end of the store, the next to open it finds out from the coordinator. A store that lasts needs a group
   * with a coordinator: a `NotSupportedError` without.
   */
  prepare?(): MaybePromise<void>
  /** Makes the writes visible, and lasting where the store lasts. */
  commit(): MaybePromise<void>
  /** Drops the writes. */
  abort(): MaybePromise<void>
}

/** The names of all methods of a store, in the order of the contract. */
export const methods = [
  'get',
  'put',
  'add',
  'delete',
  'query',
  'count',
  'subscribe',
  'transaction',
  'setSchema',
  'close',
] as const satisfies readonly (keyof Store)[]

export type Method = (typeof methods)[number]

/** Does this store have the method? Narrows its type, so that the method can be called. */
export function can<S extends Store, M extends Method>(store: S, method: M): store is S & Required<Pick<S, M>> {
  return typeof store[method] === 'function'
}
