/** What views are made of, and what they give. */
import type { Data, Id, MaybePromise, Options, Store } from '../../lib/store.js'
import type { BuiltIns } from './reduce.js'

/**
 * Adds a row to the view. A key is any value, `null` where it is left out, and so is the value. Who names its types, as in
 * `map(user, emit: Emit<string, number>)`, finds them in the rows.
 */
export type Emit<Key = unknown, Value = unknown> = unknown extends Value
  ? (key: Key, value?: Value) => void
  : (key: Key, value: Value) => void

/** Makes one value of those of some rows, in the order in which they are read. Never called without any. */
export type Reduce = {
  reduce(keys: readonly unknown[], values: readonly unknown[]): unknown
}['reduce']

export interface ViewDefinition<T extends object = Data> {
  /**
   * Emits the rows of an object, which is a frozen copy: any number of them, always the same for the same object. Synchronous;
   * it must not write.
   */
  map(object: T, emit: Emit): unknown
  /** For views that are asked for reduced: a function, or by name `count`, `sum`, `mean`, `min`, `max` or `stats`. */
  readonly reduce?: Reduce | keyof BuiltIns | undefined
}

export interface ViewOptions<Key = unknown> extends Options {
  /** Only rows with this key. */
  readonly key?: Key | undefined
  /** The key to begin with, itself included: the low end, or the high end if `descending`. */
  readonly startKey?: Key | undefined
  /** The key to end with, itself included. */
  readonly endKey?: Key | undefined
  /** In the opposite order. */
  readonly descending?: boolean | undefined
  /** How many rows, or groups, to give at most: all by default. */
  readonly limit?: number | undefined
  /** How many of the range to leave out at the beginning. */
  readonly start?: number | undefined
  /** Goes on after the page that gave it. `null` begins at the beginning. */
  readonly cursor?: string | null | undefined
  /** Gives with each row a fresh copy of its object. */
  readonly includeObjects?: boolean | undefined
  /** Makes one row of the whole range, with the key `null`. */
  readonly reduce?: boolean | undefined
  /** Makes one row of all that have the same key; with a number, of all whose keys, if arrays, begin with so many same items. */
  readonly group?: boolean | number | undefined
}

export interface Page<Row> {
  readonly rows: Row[]
  /** To be given for the next page, however much is written meanwhile; `null` if the range is exhausted. */
  readonly cursor: string | null
}

export interface ViewRow<Key = unknown, Value = unknown, K extends Id = Id> {
  readonly key: Key
  readonly value: Value
  /** The id of the object that it was emitted for. */
  readonly id: K
}

export interface ReducedRow<Key = unknown, Value = unknown> {
  readonly key: Key
  readonly value: Value
}

export type ObjectsOf<S> = S extends Store<infer T, infer K> ? { readonly object: T; readonly id: K } : never

export type Definitions<S> = { readonly [name: string]: ViewDefinition<ObjectsOf<S>['object']> }

interface EmittedBy<Key, Value> {
  readonly key: Key
  readonly value: Value
}
type Emitted<D> = D extends { map(object: never, emit: (key: infer Key, value: infer Value) => void): unknown }
  ? EmittedBy<OrNull<Key>, OrNull<Value>>
  : EmittedBy<unknown, unknown>
type OrNull<V> = unknown extends V ? unknown : Exclude<V, undefined> | (undefined extends V ? null : never)

type Reduced<D> = D extends { readonly reduce: infer R }
  ? R extends keyof BuiltIns
    ? BuiltIns[R]
    : R extends (...args: never) => infer V
      ? V
      : never
  : never

type RowOf<S, D, O> = O extends { readonly group: true | number }
  ? ReducedRow<O extends { readonly group: number } ? unknown : Emitted<D>['key'], Reduced<D>>
  : O extends { readonly reduce: true }
    ? ReducedRow<null, Reduced<D>>
    : ViewRow<Emitted<D>['key'], Emitted<D>['value'], ObjectsOf<S>['id']> &
        (O extends { readonly includeObjects: true } ? { readonly object: ObjectsOf<S>['object'] } : unknown)

/** Now where the store answers now. */
type Answer<S, R> = S extends { query(...args: never): Iterable<unknown> } ? R : MaybePromise<R>

/** What a store with views can do besides, and its transactions. */
export interface Viewing<S, D> {
  /**
   * The rows of a view, in the order of their keys, then of the ids, then as they were emitted: from one state of the store, as
   * far as it is written to through the wrapper. If
   * its map has failed on some object, an `InvalidStateError` with its id, until that is changed or deleted.
   */
  view<N extends keyof D & string, const O extends ViewOptions<Emitted<D[N]>['key']>>(
    name: N,
    options?: O,
  ): Answer<S, Page<RowOf<S, D[N], O>>>
}
