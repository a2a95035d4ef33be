/** The static types of a model: the class and its instances. */
import type { Cursor } from '../../lib/cursor.js'
import type {
  Change,
  CountOptions,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  Precondition,
  PutOptions,
  Query,
  QueryOptions,
  SubscribeOptions,
  Transaction,
  TransactionOptions,
} from '../../lib/store.js'
import type { DataOf, IdOf, InputOf } from '../schema/types.js'
import type { MethodsOf, Overridable, StaticsOf } from './definition.js'

export interface SaveOptions extends Options {
  /** What must be stored, or its ETag, in place of what was loaded; `'*'` overwrites any object. */
  readonly ifMatch?: Precondition['ifMatch']
}

interface Saving {
  /**
   * Stores the object: a new one by `add`; a loaded one by `put`, if what is stored is still what was loaded, else it is a
   * `PreconditionFailedError`. Afterwards the instance is as stored, with the id and the defaults.
   */
  save(options?: SaveOptions): MaybePromise<this>
}
interface Loading {
  /** Reads the object again, over what was changed here. A `NotFoundError` if it is gone. */
  load(options?: Options): MaybePromise<this>
}
interface Deleting {
  /** Removes the object if it is still what was loaded; `false` if it was never stored. The instance is then a new one. */
  delete(options?: DeleteOptions): MaybePromise<boolean>
}

type Able<S, M extends PropertyKey, A> = S extends { readonly [K in M]: (...args: never) => unknown } ? A : Partial<A>

/** What instances can do, by what the store can. */
type Abilities<S> = ('put' extends keyof S
  ? Able<S, 'put', Saving>
  : 'add' extends keyof S
    ? Able<S, 'add', Saving>
    : unknown) &
  ('get' extends keyof S ? Able<S, 'get', Loading> : unknown) &
  ('delete' extends keyof S ? Able<S, 'delete', Deleting> : unknown)

/** An object of a model: its own properties are the data, its methods are inherited. */
export type InstanceOf<S, D> = DataOf<D> & MethodsOf<D> & Abilities<S & Pick<D, Extract<keyof D, Overridable>>>

/** The instances that a method gives: those of the class it is called on. */
type Of<This, I> = This extends { readonly prototype: infer P extends I } ? P : I

/** A model's methods, each of which it has if its store has it. */
interface Methods<I, O, In, K extends Id> {
  /** The object of this id as an instance, or `undefined`. Costs little beyond the store's own `get`. */
  get<T>(this: T, id: K, options?: Options): MaybePromise<Of<T, I> | undefined>
  /** Stores the object, over what was there, and gives an instance of it. What is not valid is a `ValidationError`. */
  put<T>(this: T, object: In, options?: PutOptions<K>): MaybePromise<Of<T, I>>
  /** Stores a new object and gives an instance of it. An id that is taken is a `ConstraintError`. */
  add<T>(this: T, object: In, options?: PutOptions<K>): MaybePromise<Of<T, I>>
  /** Removes the object of this id; `false` if there was none. */
  delete(id: K, options?: DeleteOptions): MaybePromise<boolean>
  /** What matches, as a cursor that can be refined. Whole objects are instances. */
  query<T>(this: T, query?: Query, options?: QueryOptions): Cursor<Of<T, I>, O>
  /** How many objects match. */
  count(query?: Query, options?: CountOptions): MaybePromise<number>
}

interface ModelMethods<I extends object, O, In, K extends Id, S> extends Methods<I, O, In, K> {
  /** The changes committed from now on; their objects are instances. */
  subscribe<T>(this: T, query?: Query, options?: SubscribeOptions): AsyncIterable<Change<Of<T, I> & object, K>>
  /** Opens a transaction. It validates as the model does, and gives instances that save into it. */
  transaction<T>(this: T, options?: TransactionOptions): MaybePromise<TransactionOf<S, Of<T, I> & object, O, In, K>>
  close(): MaybePromise<void>
}

type Offered<S, M> = { readonly [K in keyof S as K extends keyof M ? K : never]: M[K & keyof M] }

/** A transaction on a model. */
export type TransactionOf<S, I extends object, O, In, K extends Id> = Offered<S, Methods<I, O, In, K>> &
  Pick<Transaction<I, K>, 'prepare' | 'commit' | 'abort'> & {
    /** That of the instances. */
    readonly prototype: I
  }

/**
 * The class of a model, which is a store too: it has the methods that its store has. `put` and `add` give instances.
 * It may be extended; loaded instances do not run the constructors of subclasses.
 */
export type Model<S, D> = {
  /** Makes an instance that is not stored yet, with the defaults it has not got. It is validated when it is saved. */
  new (data: InputOf<D>): InstanceOf<S, D>
  readonly prototype: InstanceOf<S, D>
  /** What the model was made of, with what it extends. */
  readonly definition: D
} & Offered<
  S & Pick<D, Extract<keyof D, Overridable>>,
  ModelMethods<InstanceOf<S, D>, DataOf<D>, InputOf<D>, IdOf<D>, S & Pick<D, Extract<keyof D, Overridable>>>
> &
  StaticsOf<D>

/** Gives `this` its type in the functions of a definition. */
export interface Contexts<S, D> {
  readonly prototype?: ThisType<InstanceOf<S, D>>
  readonly static?: ThisType<Model<S, D>>
}
