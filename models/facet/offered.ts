/** The static types of a facet's methods. */
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
  TransactionOptions,
} from '../../lib/store.js'
import type { PatchOptions } from '../model/patch.js'

export interface SaveOptions extends Options, Pick<Precondition, 'ifMatch'>, Pick<Attribution, 'reason'> {}

/** The methods of the store, as a facet has them: of instances, data to ask by, data to give, and ids. */
export interface FacetMethods<I extends object, O extends object, In, K extends Id, T> {
  /** The object of this id as it is seen here, or `undefined`. */
  get(id: K, options?: Options): Promise<I | undefined>
  /** Stores the object; what cannot be written here stays as it is. */
  put(object: In, options?: Omit<PutOptions<K>, 'actor'>): Promise<I>
  /** Stores a new object. An id that is taken is a `ConstraintError`. */
  add(object: In, options?: Omit<PutOptions<K>, 'actor'>): Promise<I>
  /** Removes the object of this id; `false` if there is none here. */
  delete(id: K, options?: Omit<DeleteOptions, 'actor'>): Promise<boolean>
  /** What matches of what is here, as a cursor that can be refined. */
  query(query?: Query, options?: QueryOptions): Cursor<I, O, false>
  /** How many match of those that are here. */
  count(query?: Query, options?: CountOptions): Promise<number>
  /** The changes from now on, as they are seen here. */
  subscribe(query?: Query, options?: SubscribeOptions): AsyncIterableIterator<Change<I, K>>
  /** Reads, changes and stores, again if somebody else came first. */
  update(
    id: K,
    // biome-ignore lint/suspicious/noConfusingVoidType: a change in place gives nothing
    change: (object: I) => MaybePromise<In | I | undefined | void>,
    options?: Omit<SaveOptions, 'ifMatch'>,
  ): Promise<I>
  /** Changes as a JSON Merge Patch (RFC 7396) or a JSON Patch (RFC 6902) says. */
  patch(id: K, changes: object, options?: Omit<PatchOptions, 'actor' | 'tries'>): Promise<I>
  /** The objects in the order of the ids, `undefined` where none is here. */
  getAll(ids: readonly K[], options?: Options): Promise<(I | undefined)[]>
  /** Stores all, in one transaction, or none. Gives their ids. */
  putAll(objects: readonly In[], options?: BulkOptions & Pick<Precondition, 'ifNoneMatch'>): Promise<K[]>
  /** Removes the objects of these ids, or what matches, in one transaction. Gives how many there were. */
  deleteAll(which: readonly K[] | Query, options?: BulkOptions): Promise<number>
  /** Opens a transaction, in which the same is open. */
  transaction(options?: Omit<TransactionOptions, 'group' | 'actor'>): Promise<T>
}

interface BulkOptions extends Options, Pick<Attribution, 'reason'> {}

/** How a transaction of a facet ends. */
export interface Ends {
  commit(): Promise<void>
  abort(): Promise<void>
}
