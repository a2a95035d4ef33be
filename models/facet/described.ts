/** The static types of what facets are made over: models, and facets. */
import type { Id } from '../../lib/store.js'
import type { MethodsOf, StaticsOf } from '../model/definition.js'
import type { DataOf, IdOf, IdProperty, InputOf } from '../schema/types.js'

export declare const described: unique symbol

/** A facet of any kind. */
export interface Facet {
  /** What it is of: for types only. */
  readonly [described]?: Description | undefined
}

/** What a facet can be made over: a model, or a facet. */
export type Base = { readonly definition: unknown; readonly prototype: object } | Facet

/** What can be seen and done, of a model or through a facet. */
export interface Description {
  readonly data: object
  readonly input: object
  /** The instances, as methods of the model give them. */
  readonly instance: object
  /** The store's methods that can be opened, and those of them that may be missing. */
  readonly methods: string
  readonly maybe: string
  /** Further methods, as they are called here. */
  readonly own: object
  readonly prototype: object
  readonly id: Id
  readonly idName: PropertyKey
  readonly toOne: string
  readonly toMany: string
}

export type Reading = 'get' | 'query' | 'count'
export type Bulk = 'putAll' | 'deleteAll'
export type StoreMethod =
  | Reading
  | 'put'
  | 'add'
  | 'delete'
  | 'subscribe'
  | 'transaction'
  | 'getAll'
  | Bulk
  | keyof Changing
interface Changing {
  update: unknown
  patch: unknown
}

/** By means of what others are done. */
export interface Needs {
  update: 'get' | 'put'
  patch: 'get' | 'put'
  getAll: 'get'
  putAll: 'put'
  deleteAll: 'delete'
}

/** What is known of what a facet is made over: a model, or a facet. */
export type DescriptionOf<B> = B extends { readonly definition: infer D; readonly prototype: infer I }
  ? {
      readonly data: DataOf<D>
      readonly input: InputOf<D>
      readonly instance: I
      readonly methods: Exclude<Extract<keyof B, StoreMethod>, 'transaction' extends keyof B ? never : Bulk>
      readonly maybe: { [K in Extract<keyof B, StoreMethod>]: undefined extends B[K] ? K : never }[Extract<
        keyof B,
        StoreMethod
      >]
      readonly own: FunctionsOf<StaticsOf<D>>
      readonly prototype: FunctionsOf<MethodsOf<D>>
      readonly id: IdOf<D>
      readonly idName: IdProperty<D>
      readonly toOne: RelOf<I, 'link'>
      readonly toMany: RelOf<I, 'links'>
    }
  : B extends { readonly [described]?: infer D }
    ? NonNullable<D>
    : never

type RelOf<I, M extends string> = I extends {
  readonly [K in M]: (rel: infer R extends string, ...more: never) => unknown
}
  ? R
  : never
type FunctionsOf<T> = { readonly [K in keyof T as T[K] extends (...args: never) => unknown ? K : never]: T[K] }

export type Get<D, K extends keyof Description> = D extends Description ? D[K] : never
export type Text<K> = Extract<K, string>
