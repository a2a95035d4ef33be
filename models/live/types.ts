/** The static types of live stores. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Id, MaybePromise, Options, Query, Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import type { IndexDefinition } from '../../stores/table/index.js'
import type { DataOf, InputOf } from '../schema/types.js'
import type { LiveChange } from './change.js'
import type { LiveMethods } from './handle.js'

/** An object that saves itself. */
export type LiveObject<T> = T & Omit<LiveMethods, keyof T>

export interface LiveOptions<T = never, L extends 'lazy' | 'all' = 'lazy' | 'all'> {
  /**
   * The property that holds the key, `id` by default: who changes it renames the object. Or a function that makes the key of a
   * new object, which keeps it: in a directory it is the file's name, and `__key__` in it.
   */
  readonly key?: (keyof T & string) | ((object: T) => Id) | undefined
  /** Saves at the end of the tick in which something changed: the default. May be set at any time. */
  readonly saveOnChange?: boolean | undefined
  /**
   * Keeps what happened, so that it can be undone: the default. In a log beside the data, or `'inline'`, in the file of the
   * object, which then grows with its history.
   */
  readonly history?: boolean | 'inline' | undefined
  /** How many changes of an object can be undone, and about how many are kept: all by default. */
  readonly undoLimit?: number | undefined
  /** Saves what is not saved when the process has nothing more to do, and on `close`: the default. */
  readonly saveOnExit?: boolean | undefined
  /** Reads all objects when it is opened, so that all methods answer at once, or `'lazy'`: each when it is needed. */
  readonly load?: L | undefined
  /** Properties of the objects by which they are found without a look at all, in a directory. */
  readonly indexes?: readonly IndexDefinition[] | undefined
  readonly durability?: 'strict' | 'relaxed' | undefined
  /** Who changes something: asked at each change. */
  readonly actor?: (() => string | undefined) | undefined
  /** Is told what could not be saved in the background. By default the process is warned. It stays dirty. */
  readonly onError?: ((error: unknown, object: LiveObject<T>) => void) | undefined
  /** The time in milliseconds since 1970. */
  readonly clock?: (() => number) | undefined
  /** Makes the key of an object that comes without: UUID v7 by default. */
  readonly generateId?: (() => Id) | undefined
  /** The property in which the given store keeps the ids: by default the `key`, or `id`. */
  readonly idProperty?: string | undefined
  /** With a store of your own: where the history is kept. Without, it lasts as long as the process. */
  readonly log?: Store | undefined
  /** Where it is decided that both commit, if they last in different databases: `transactionLog({ path })`. */
  readonly coordinator?: TransactionLog | undefined
  /** How often all objects are looked at for what cannot be seen when it happens, in milliseconds: 1000 by default. */
  readonly lookEvery?: number | undefined
}

/** Is told of changes, of one object and made together, when they are made. */
export type ChangeHook<T> = (object: LiveObject<T>, changes: readonly LiveChange[]) => void

interface Common<T> {
  /** Is what changes saved by itself? May be set at any time. */
  saveOnChange: boolean
  /** Saves these objects, or throws what prevents it. */
  commit(...objects: readonly object[]): Promise<void>
  /** Saves all. */
  commitAll(): Promise<void>
  /** Waits until what is to be saved lasts, or throws what prevents it. */
  flush(): Promise<void>
  /**
   * What the work changes is one step for `undo` and one commit of the store; if the work throws, or the store refuses it,
   * nothing has changed. Until the work has ended, what it has changed cannot be changed by others. Resolves when it is saved.
   */
  transaction<R>(work: () => MaybePromise<R>): Promise<R>
  /** Calls the hook for every change, of whatever kind, once. Gives what ends that. */
  onChange(hook: ChangeHook<T>): () => void
  /** The changes from now on, which may be chosen by what they say: `kind=delete`, `actor=ann`. */
  subscribe(query?: Query, options?: Options): AsyncIterable<LiveChange>
  /** What could not be saved, and why. */
  problems(): { readonly object: LiveObject<T>; readonly error: unknown }[]
  /** Saves what is to be saved, and closes the store. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** All objects at hand. */
export interface Live<T, I = T> extends Common<T>, Iterable<LiveObject<T>> {
  /** Makes a new live object of these properties, or of a copy of this object. A key that is taken is a `ConstraintError`. */
  add(object: I): LiveObject<T>
  /** Makes the object of this key the same as this one, or adds it. */
  set(object: I): LiveObject<T>
  /** Sets these properties of the object of this key, or adds it. */
  upsert(object: I): LiveObject<T>
  /** The live object of this key: always the same one. */
  get(key: Id): LiveObject<T> | undefined
  has(which: object | Id): boolean
  /** Removes the object and its file; `false` if there is none. */
  delete(which: object | Id): boolean
  readonly size: number
  keys(): IterableIterator<Id>
  values(): IterableIterator<LiveObject<T>>
  all(): IterableIterator<LiveObject<T>>
  filter(test: (object: LiveObject<T>) => boolean): IterableIterator<LiveObject<T>>
  /** What fulfils a query, by the indexes of the store where they help. */
  filter(query: Query): AsyncIterable<LiveObject<T>>
  first(test: (object: LiveObject<T>) => boolean): LiveObject<T> | undefined
  first(query: Query): Promise<LiveObject<T> | undefined>
  /**
   * Undoes the last `n` changes of one object, also of one that is deleted, and gives how many there were; without, the last
   * change or transaction of all, and gives how many objects that is about.
   */
  undo(which?: object | Id, n?: number): number
  redo(which?: object | Id, n?: number): number
  /** What happened to the object of this key, also to one that is deleted; of all without. */
  changes(key?: Id): LiveChange[]
}

/** The same, of objects that are read when they are needed. */
export interface LazyLive<T, I = T> extends Common<T>, AsyncIterable<LiveObject<T>> {
  add(object: I): Promise<LiveObject<T>>
  set(object: I): Promise<LiveObject<T>>
  upsert(object: I): Promise<LiveObject<T>>
  get(key: Id): Promise<LiveObject<T> | undefined>
  has(which: object | Id): Promise<boolean>
  delete(which: object | Id): Promise<boolean>
  count(): Promise<number>
  keys(): AsyncIterable<Id>
  values(): AsyncIterable<LiveObject<T>>
  all(): AsyncIterable<LiveObject<T>>
  filter(test: ((object: LiveObject<T>) => boolean) | Query): AsyncIterable<LiveObject<T>>
  first(test: ((object: LiveObject<T>) => boolean) | Query): Promise<LiveObject<T> | undefined>
  /** Without a key, of those that are loaded. */
  undo(which?: object | Id, n?: number): Promise<number>
  redo(which?: object | Id, n?: number): Promise<number>
  changes(key: Id): Promise<LiveChange[]>
}

type Class<T> = abstract new (...given: never) => T
type ModelOf<T> = { readonly prototype: T; readonly definition: unknown }

/** What live objects can be made of. */
export type Kind = ModelOf<object> | Class<object> | StandardSchemaV1 | object

type Shape<D> = D extends { readonly properties: object } ? D : { readonly properties: D }

/** The objects. */
export type ObjectOf<D> =
  D extends ModelOf<infer T extends object>
    ? T
    : D extends StandardSchemaV1
      ? StandardSchemaV1.InferOutput<D> & object
      : D extends Class<infer T>
        ? T
        : DataOf<Shape<D>>

type Methods<T> = { [P in keyof T]: T[P] extends (...given: never) => unknown ? P : never }[keyof T]

/** What a new one is made of. */
export type GivenOf<D> = D extends { readonly definition: infer M }
  ? InputOf<M>
  : D extends StandardSchemaV1
    ? StandardSchemaV1.InferInput<D>
    : D extends Class<infer T>
      ? Partial<Omit<T, Methods<T>>>
      : InputOf<Shape<D>>
