/** The static types of the methods that a configuration generates. Each is one mapped type, so that checking stays fast. */

import type { TypeName } from '../schema/keywords.js'
import type { ValueOf } from '../schema/types.js'
import type { AssetMethods } from './assets/types.js'
import type { Filter, Selection, SelectOptions, SortBy } from './select.js'

type Flat<T> = { [K in keyof T]: T[K] } & {}
type Cap<S> = Capitalize<S & string>
type Part<C, P extends string> = C extends { readonly [K in P]: infer V } ? V : Record<never, never>
type Names<C, P extends string> = keyof Part<C, P> & string

/** The names of the types of a configuration. */
export type TypesOf<C> = Names<C, 'types'>

type FieldsOf<C, T> = Part<C, 'types'>[T & keyof Part<C, 'types'>]
type RequiredOf<C, T> = Part<C, 'required'> extends { readonly [K in T & string]: readonly (infer R)[] } ? R : never
export type FieldValue<F> = F extends 'any' ? unknown : F extends TypeName ? ValueOf<{ readonly type: F }> : ValueOf<F>

type Defaulted<F> = { [K in keyof F]: F[K] extends { readonly default: unknown } ? K : never }[keyof F]
type Data<F, Sure> = {
  -readonly [K in Extract<keyof F, Sure>]: FieldValue<F[K]>
} & {
  -readonly [K in Exclude<keyof F, Sure | 'id'>]?: FieldValue<F[K]> | undefined
}

/** An object of a type, as it is read. */
export type ObjectOf<C, T> = Flat<
  { id: string } & Data<FieldsOf<C, T>, RequiredOf<C, T> | Defaulted<FieldsOf<C, T>>> & Related<C, T>
>
/** What a new object is made of. */
export type InputOf<C, T> = Flat<
  Data<FieldsOf<C, T>, Exclude<RequiredOf<C, T>, Defaulted<FieldsOf<C, T>>>> & Related<C, T>
>
/** What is changed of an object. */
export type ChangesOf<C, T> = Flat<Partial<InputOf<C, T>>>

/** The roles of a relation, with their types. */
type RolesOf<R> = R extends readonly [infer A extends string, infer B extends string] ? { [K in A | B]: K } : R
type RoleOf<C, N> = RolesOf<Part<C, 'relations'>[N & keyof Part<C, 'relations'>]>
/** Each role of each relation, as `relation.role`. */
type RoleKey<C> = { [N in Names<C, 'relations'>]: `${N}.${keyof RoleOf<C, N> & string}` }[Names<C, 'relations'>]
type OtherRole<C, N, R> = Exclude<keyof RoleOf<C, N>, R> & string
type TypeInRole<C, N, R> = RoleOf<C, N>[R & keyof RoleOf<C, N>]
/** The ids of what an object belongs together with, by the role of that. */
type Related<C, T> = {
  [K in RoleKey<C> as K extends `${infer N}.${infer R}`
    ? TypeInRole<C, N, OtherRole<C, N, R>> extends T
      ? R
      : never
    : never]?: string[] | undefined
}

type IndexName<D> = D extends string ? D : D extends { readonly field: infer F extends string } ? F : never
type IsUnique<D> = D extends { readonly unique: false } ? false : true
/** Each index, as `type.field`: those that are unique, or those that are not. */
type IndexKey<C, Unique> = {
  [T in Names<C, 'indexes'>]: Part<C, 'indexes'>[T & keyof Part<C, 'indexes'>] extends readonly (infer D)[]
    ? D extends unknown
      ? IsUnique<D> extends Unique
        ? `${T}.${IndexName<D>}`
        : never
      : never
    : never
}[Names<C, 'indexes'>]
type TypePart<K> = K extends `${infer T}.${string}` ? T : never
type FieldPart<K> = K extends `${string}.${infer F}` ? F : never
type FieldAt<C, K> = Exclude<ObjectOf<C, TypePart<K>>[FieldPart<K> & keyof ObjectOf<C, TypePart<K>>], undefined>

type Listing<O> = [sortBy?: SortBy<O>, start?: number, end?: number, descending?: boolean]

type Crud<C> = {
  /** Makes an object, with an id of its own, and gives it. What is not valid, or not unique, is an error. */
  [T in TypesOf<C> as `create${Cap<T>}`]: (values: InputOf<C, T>) => Promise<ObjectOf<C, T>>
} & {
  /** The object of this id, or with this value of a unique index. A `NotFoundError` if there is none. */
  [T in TypesOf<C> as `get${Cap<T>}`]: (idOrKey: string) => Promise<ObjectOf<C, T>>
} & {
  /** Changes some fields, and gives the whole. */
  [T in TypesOf<C> as `update${Cap<T>}`]: (idOrKey: string, changes: ChangesOf<C, T>) => Promise<ObjectOf<C, T>>
} & {
  /** Deletes the object, and what it belonged together with no longer leads to it. */
  [T in TypesOf<C> as `delete${Cap<T>}`]: (idOrKey: string) => Promise<void>
} & {
  [T in TypesOf<C> as `has${Cap<T>}`]: (idOrKey: string) => Promise<boolean>
} & {
  /** The ids of all. */
  [T in TypesOf<C> as `getEvery${Cap<T>}`]: () => Promise<string[]>
} & {
  /** All objects, or those from `start` to before `end`. */
  [T in TypesOf<C> as `getEvery${Cap<T>}Object`]: (...listing: Listing<ObjectOf<C, T>>) => Promise<ObjectOf<C, T>[]>
}

type Indexes<C> = {
  /** The object with this value, or `undefined`. */
  [K in IndexKey<C, true> as `get${Cap<TypePart<K>>}By${Cap<FieldPart<K>>}`]: (
    value: FieldAt<C, K>,
  ) => Promise<ObjectOf<C, TypePart<K>> | undefined>
} & {
  /** The objects with this value. */
  [K in IndexKey<C, false> as `getEvery${Cap<TypePart<K>>}By${Cap<FieldPart<K>>}`]: (
    value: FieldAt<C, K>,
    ...listing: Listing<ObjectOf<C, TypePart<K>>>
  ) => Promise<ObjectOf<C, TypePart<K>>[]>
} & {
  /** All values, in order, each once. */
  [K in IndexKey<C, boolean> as `getEvery${Cap<TypePart<K>>}${Cap<FieldPart<K>>}`]: () => Promise<FieldAt<C, K>[]>
} & {
  /** Changes the value. A `ConstraintError` if another object has it and the index is unique. */
  [K in IndexKey<C, boolean> as `set${Cap<FieldPart<K>>}For${Cap<TypePart<K>>}`]: (
    idOrKey: string,
    value: FieldAt<C, K>,
  ) => Promise<ObjectOf<C, TypePart<K>>>
}

type By<G> = G extends { readonly by: readonly (infer F extends string)[] }
  ? F
  : G extends { readonly by: infer F extends string }
    ? F
    : never
type GroupingOf<C, N> = Part<C, 'groupings'>[N & keyof Part<C, 'groupings'>]
type GroupingKey<C> = { [N in Names<C, 'groupings'>]: `${N}.${By<GroupingOf<C, N>>}` }[Names<C, 'groupings'>]
type Grouped<C, N> = GroupingOf<C, N> extends { readonly type: infer T } ? ObjectOf<C, T> : never
type GroupedAt<C, K> = Exclude<Grouped<C, TypePart<K>>[FieldPart<K> & keyof Grouped<C, TypePart<K>>], undefined>

type Groupings<C> = {
  /** The ids of the objects with this value. */
  [K in GroupingKey<C> as `get${Cap<TypePart<K>>}By${Cap<FieldPart<K>>}`]: (value: GroupedAt<C, K>) => Promise<string[]>
} & {
  [K in GroupingKey<C> as `get${Cap<TypePart<K>>}ObjectsBy${Cap<FieldPart<K>>}`]: (
    value: GroupedAt<C, K>,
    ...listing: Listing<Grouped<C, TypePart<K>>>
  ) => Promise<Grouped<C, TypePart<K>>[]>
}

type RelatedObject<C, K> = ObjectOf<C, TypeInRole<C, TypePart<K>, FieldPart<K>>>
type From<C, K> = `From${Cap<TypePart<K>>}With${Cap<OtherRole<C, TypePart<K>, FieldPart<K>>>}`
type With<C, K> = `${Cap<TypePart<K>>}${Cap<OtherRole<C, TypePart<K>, FieldPart<K>>>}`

type Relations<C> = {
  [K in RoleKey<C> as `get${Cap<FieldPart<K>>}s${From<C, K>}`]: (
    id: string,
    ...listing: Listing<RelatedObject<C, K>>
  ) => Promise<RelatedObject<C, K>[]>
} & {
  [K in RoleKey<C> as `get${Cap<FieldPart<K>>}Ids${From<C, K>}`]: (id: string) => Promise<string[]>
} & {
  /** From now on the two belong together. */
  [K in RoleKey<C> as `add${Cap<FieldPart<K>>}To${With<C, K>}`]: (id: string, other: string) => Promise<void>
} & {
  /** From now on the two do not belong together; `false` if they did not before. */
  [K in RoleKey<C> as `remove${Cap<FieldPart<K>>}From${With<C, K>}`]: (id: string, other: string) => Promise<boolean>
}

interface Selecting<C> {
  /**
   * The objects that fulfil the filter, a page of them if asked for, and how many there are. An index answers where there is one.
   */
  select<T extends TypesOf<C>>(
    type: T,
    filter?: Filter<ObjectOf<C, T>>,
    options?: SelectOptions<ObjectOf<C, T>>,
  ): Promise<Selection<ObjectOf<C, T>>>
}

/** The methods that a configuration generates. */
export type Generated<C> = Flat<Crud<C> & Indexes<C> & Groupings<C> & Relations<C> & AssetMethods<C>> & Selecting<C>
