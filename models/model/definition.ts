/** What may stand in the definition of a model besides its schema. */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type {
  Data,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Query,
  QueryOptions,
} from '../../lib/store.js'
import type { Target } from '../../lib/writes.js'
import type { Migration } from '../migrate/steps.js'
import type { ObjectDefinition } from '../schema/definition.js'
import type { DataOf, IdProperty, Properties, RequiredName, Spelled } from '../schema/types.js'

/** The store under a model, or a transaction on it, as an overriding handler gets it. */
export type Inner = Required<Target<Data, Id>>

/** A link from the objects to those of another model in a database. */
export interface Link {
  readonly rel: string
  /** `/companies/{employerId}`, with a property of these objects; or the other way, `/users?employerId={id}`. */
  readonly href?: string
  /** In place of an href: the name of the other model, and the property with its id (`${rel}Id` by default), or ids. */
  readonly model?: string
  readonly property?: string
  /** What the others call the way back. */
  readonly inverse?: string
  /**
   * The link may not lead nowhere. Deleting what it leads to is refused, deletes this object too, or takes the link away.
   */
  readonly onDelete?: 'restrict' | 'cascade' | 'detach'
  readonly [more: string]: unknown
}

/** What a model's objects are like and can do: a schema, and what JSON Schema does not know. */
export interface Definition extends ObjectDefinition {
  /** Methods of the instances. `this` is the instance, and typed. */
  readonly prototype?: object
  /** Static methods. `this` is the model, and typed. */
  readonly static?: object
  /** A model or a definition whose properties, constraints and methods this one has too. */
  readonly extends?: object
  readonly links?: readonly Link[]
  /** Converts text to the declared types before it is checked, where nothing is lost and nothing has to be guessed. */
  readonly coerce?: boolean
  /**
   * A Standard Schema, as of zod or valibot, that checks the objects. What it makes of them is stored, and has to be valid
   * for it too if it is to be saved again.
   */
  readonly schema?: StandardSchemaV1
  /**
   * The version of the schema, which is kept with each object, outside of what is seen. Objects of other versions are not
   * seen, and their ids are taken, until `migrate()` of the model brings them up. What was written without is version 0.
   */
  readonly version?: number
  /** How objects come up to a version from the one before it: a step for each, or one function for all. */
  readonly migrate?: Migration
  /** Stands in for the store's method of the same name, outside a transaction and inside. Sees what is stored. */
  get?(id: Id, options: Options | undefined, inner: Inner): MaybePromise<Data | undefined>
  put?(object: Data, options: PutOptions | undefined, inner: Inner): MaybePromise<Id>
  add?(object: Data, options: PutOptions | undefined, inner: Inner): MaybePromise<Id>
  delete?(id: Id, options: DeleteOptions | undefined, inner: Inner): MaybePromise<boolean>
  query?(
    query: Query | undefined,
    options: QueryOptions | undefined,
    inner: Inner,
  ): Iterable<Data> | AsyncIterable<Data>
}

/** The methods that a definition may override. */
export type Overridable = 'get' | 'put' | 'add' | 'delete' | 'query'

/** A definition together with what it extends. */
export type Whole<D> = D extends { readonly extends: infer P }
  ? Joined<WholeOf<P>, D, P>
  : D extends StandardSchemaV1
    ? { readonly schema: D }
    : D
type WholeOf<P> = P extends { readonly definition: infer D } ? D : Whole<P>
type Joined<P, D, Parent> = Omit<
  D,
  'extends' | 'properties' | 'required' | 'prototype' | 'static' | 'idProperty' | 'links'
> & {
  readonly properties: JoinedProperties<Properties<P>, Properties<D>>
  readonly required: readonly (RequiredName<P> | RequiredName<D>)[]
  readonly prototype: MethodsOf<D> & Omit<MethodsOfParent<P, Parent>, keyof MethodsOf<D>>
  readonly static: StaticsOf<D> & Omit<StaticsOf<P>, keyof StaticsOf<D>>
  readonly idProperty: D extends { readonly idProperty: infer N } ? N : IdProperty<P>
  readonly links: readonly (LinkOf<P> | LinkOf<D>)[]
} & Pick<P, Extract<Exclude<keyof P, keyof D>, 'coerce' | 'schema'>>
type LinkOf<D> = D extends { readonly links: readonly (infer L)[] } ? L : never
type JoinedProperties<P, C> = {
  readonly [K in keyof P | keyof C]: K extends keyof C ? (K extends keyof P ? Over<P[K], C[K]> : C[K]) : P[K & keyof P]
}
/** A property that both declare: what the child says, and what it leaves unsaid. */
type Over<P, C> = Omit<Spelled<P>, keyof Spelled<C>> & Spelled<C>
type MethodsOfParent<P, Parent> = Parent extends { readonly prototype: infer I; readonly definition: unknown }
  ? Omit<I, keyof DataOf<P> | 'save' | 'load' | 'delete'>
  : MethodsOf<P>

export type MethodsOf<D> = D extends { readonly prototype: infer M } ? M : unknown
export type StaticsOf<D> = D extends { readonly static: infer M } ? M : unknown
