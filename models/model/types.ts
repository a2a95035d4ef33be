/** The static types of a model: the class and its instances. */
import type { Cursor } from '../../lib/cursor.js'
import type {
  Attribution,
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
import type { MigrateOptions, MigrationReport, Quarantined } from '../migrate.js'
import type { StandardOfModel } from '../schema/standard-model.js'
import type { Completed, DataOf, IdOf, InputOf } from '../schema/types.js'
import type { BulkOptions, BulkPutOptions, Many } from './bulk.js'
import type { MethodsOf, Overridable, StaticsOf, Whole } from './definition.js'
import type { HookContext } from './hooks.js'
import type { PatchOptions } from './patch.js'

export interface UpdateOptions extends Options, Attribution {
  /** How often it is done at most, before the caller sees that others always came in between: 100 by default. */
  readonly tries?: number | undefined
}

export interface SaveOptions extends Options, Attribution {
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
interface Methods<I, O, In, K extends Id, L extends boolean = false> {
  /** The object of this id as an instance, or `undefined`. Costs little beyond the store's own `get`. */
  get<T>(this: T, id: K, options?: Options): MaybePromise<Of<T, I> | undefined>
  /** Stores the object, over what was there, and gives an instance of it. What is not valid is a `ValidationError`. */
  put<T>(this: T, object: In, options?: PutOptions<K>): MaybePromise<Of<T, I>>
  /** Stores a new object and gives an instance of it. An id that is taken is a `ConstraintError`. */
  add<T>(this: T, object: In, options?: PutOptions<K>): MaybePromise<Of<T, I>>
  /** Removes the object of this id; `false` if there was none. */
  delete(id: K, options?: DeleteOptions): MaybePromise<boolean>
  /** What matches, as a cursor that can be refined. Whole objects are instances. */
  query<T>(this: T, query?: Query, options?: QueryOptions): Cursor<Of<T, I>, O, L>
  /** How many objects match. */
  count(query?: Query, options?: CountOptions): MaybePromise<number>
}

interface Changing<I, In, K extends Id> {
  /**
   * Reads the object, has it changed, and stores it, from the start if others wrote in between: `change` may run more than
   * once. It changes the instance or gives what to store in its place. A `NotFoundError` if nothing is stored.
   */
  update<T>(
    this: T,
    id: K,
    // biome-ignore lint/suspicious/noConfusingVoidType: a change in place gives nothing
    change: (instance: Of<T, I>) => MaybePromise<In | I | undefined | void>,
    options?: UpdateOptions,
  ): MaybePromise<Of<T, I>>
  /**
   * Changes the object as a JSON Merge Patch says (RFC 7396: an object) or a JSON Patch (RFC 6902: an array), as it is seen
   * through the model. The result is checked as a whole. A `test` that fails is a `PreconditionFailedError`, a path that
   * leads nowhere a `DataError`, and nothing is changed then. A `NotFoundError` if nothing is stored.
   */
  patch<T>(this: T, id: K, changes: object, options?: PatchOptions): MaybePromise<Of<T, I>>
}
interface GettingAll<I, K extends Id> {
  /** The objects in the order of the ids, `undefined` where there is none. Gets 100 at once; `batched` makes that one query. */
  getAll<T>(this: T, ids: Many<K>, options?: Options): Promise<(Of<T, I> | undefined)[]>
}
interface PuttingAll<In, K extends Id> {
  /** Stores all objects in one transaction, or none. Gives their ids. An error says at which position it was. */
  putAll(objects: Many<In>, options?: BulkPutOptions): Promise<K[]>
}
interface DeletingAll<K extends Id> {
  /** Removes the objects of these ids, or what matches a query, in one transaction. Gives how many there were. */
  deleteAll(which: Many<K> | Query, options?: BulkOptions): Promise<number>
}

/** What a model can do beyond its store, by what that can. */
type Extras<S, I, In, K extends Id> = ('get' | 'put' extends keyof S
  ? S extends { readonly put: (...args: never) => unknown }
    ? Able<S, 'get', Changing<I, In, K>>
    : Partial<Changing<I, In, K>>
  : unknown) &
  ('get' extends keyof S ? Able<S, 'get', GettingAll<I, K>> : unknown) &
  ('put' extends keyof S ? Able<S, 'put', PuttingAll<In, K>> : unknown) &
  ('delete' extends keyof S ? Able<S, 'delete', DeletingAll<K>> : unknown)

/** Does the store tell what is changed? */
export type Told<S> = S extends { readonly subscribe: (...args: never) => unknown }
  ? true
  : 'subscribe' extends keyof S
    ? boolean
    : false

interface ModelMethods<I extends object, O, In, K extends Id, S> extends Methods<I, O, In, K, Told<S>> {
  /** The changes committed from now on; their objects are instances. */
  subscribe<T>(this: T, query?: Query, options?: SubscribeOptions): AsyncIterable<Change<Of<T, I> & object, K>>
  /** Opens a transaction. It validates as the model does, and gives instances that save into it. */
  transaction<T>(this: T, options?: TransactionOptions): MaybePromise<TransactionOf<S, Of<T, I> & object, O, In, K>>
  close(): MaybePromise<void>
}

type Offered<S, M> = { readonly [K in keyof S as K extends keyof M ? K : never]: M[K & keyof M] }

interface Living<I extends object> {
  /**
   * Brings all objects of earlier versions up, in transactions of some at a time, and checks all others. What cannot be
   * brought up stays as it is. It may run while others write, in several processes at once, and again after it was cut off.
   */
  migrate(options?: MigrateOptions): Promise<MigrationReport>
  /** All that is stored and is not as the model wants it: of another version, or not valid. Looks at every object. */
  quarantined(options?: Options): AsyncIterable<Quarantined<I>>
}

/** What a model can do for its objects as a whole, if its store has get and query. */
type Life<S, I extends object> = 'get' | 'query' extends keyof S
  ? S extends { readonly get: (...args: never) => unknown }
    ? Able<S, 'query', Living<I>>
    : Partial<Living<I>>
  : unknown

/** A transaction on a model. */
export type TransactionOf<S, I extends object, O, In, K extends Id> = Offered<S, Methods<I, O, In, K>> &
  Extras<S, I, In, K> &
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
  /** The model as a Standard Schema (standardschema.dev): checks and completes the data of an object, and stores nothing. */
  readonly '~standard': StandardOfModel<InputOf<D>, Completed<D>>
} & Extras<S & Pick<D, Extract<keyof D, Overridable>>, InstanceOf<S, D>, InputOf<D>, IdOf<D>> &
  Offered<
    S & Pick<D, Extract<keyof D, Overridable>>,
    ModelMethods<InstanceOf<S, D>, DataOf<D>, InputOf<D>, IdOf<D>, S & Pick<D, Extract<keyof D, Overridable>>>
  > &
  Life<S, InstanceOf<S, D>> &
  StaticsOf<D>

/** Gives `this` its type in the functions of a definition. */
export interface Contexts<S, D> {
  readonly prototype?: ThisType<InstanceOf<S, D>>
  readonly static?: ThisType<Model<S, D>>
}

/** Gives the hooks of a definition the types of their arguments, by what stands before them in it. */
export interface HookContexts<S, P, R, E, Z> extends TypedHooks<S, Whole<Described<P, R, E, Z>>> {
  readonly properties?: P
  readonly required?: R
  readonly extends?: E
  readonly schema?: Z
}
type Described<P, R, E, Z> = { readonly properties: P; readonly required: R } & (unknown extends E
  ? unknown
  : { readonly extends: E }) &
  (unknown extends Z ? unknown : { readonly schema: Z })

interface TypedHooks<S, D> {
  /**
   * Before an object is checked, on every way to the store: may change it, or give another to store, or throw. Runs again
   * where others wrote in between.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a change in place gives nothing
  beforeSave?(object: InputOf<D>, context: HookContext<DataOf<D>>): MaybePromise<object | undefined | void>
  /** After the object is stored, in a transaction after its commit. That it throws cannot undo that. */
  afterSave?(instance: InstanceOf<S, D>, context: HookContext<DataOf<D>>): unknown
  /** Before the object is deleted; may throw. */
  beforeDelete?(instance: InstanceOf<S, D>, context: HookContext): unknown
  afterDelete?(instance: InstanceOf<S, D>, context: HookContext): unknown
}
