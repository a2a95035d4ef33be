/** The static types of the objects that a definition describes. */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { FromSchema, JSONSchema } from 'json-schema-to-ts'
import type { Id } from '../../lib/store.js'
import type { Shortcut } from './definition.js'
import type { shortcuts, TypeName } from './keywords.js'

/** The values of a property. */
export type ValueOf<P, Root = unknown> = P extends Shortcut
  ? OfShortcut<P>
  : keyof P & Combining extends never
    ? P extends { readonly type: infer T extends keyof Simple }
      ? Simple[T]
      : P extends { readonly type: readonly (infer T extends keyof Simple)[] }
        ? Simple[T]
        : Parsed<P, Root>
    : Parsed<P, Root>

/** Types that need no more than their name, unless one of these keywords says more. */
type Combining = 'enum' | 'const' | 'allOf' | 'anyOf' | 'oneOf' | '$ref'
interface Simple {
  string: string
  number: number
  integer: number
  boolean: boolean
  null: null
  date: Date
  bigint: bigint
  bytes: Uint8Array
}

type NameOf<C> = Extract<(typeof shortcuts)[number], readonly [C, unknown]>[1]
type OfShortcut<C> =
  NameOf<C> extends infer N extends keyof Simple
    ? Simple[N]
    : C extends ArrayConstructor
      ? unknown[]
      : { [name: string]: unknown }

/** A property without shortcuts. */
export type Spelled<P> = P extends Shortcut ? { readonly type: NameOf<P> } : P extends boolean ? unknown : P

type Parsed<P, Root> = Plain<P, Defined<Root>> extends infer J extends JSONSchema ? FromSchema<J> : unknown

/** What `#/$defs/name` may refer to. */
type Defined<Root> = (Root extends { readonly $defs: infer D } ? D : unknown) &
  (Root extends { readonly definitions: infer D } ? D : unknown)

/**
 * A schema as the type parser knows it: own types as constants of the type, and objects closed unless they say more.
 * What is referred to stands in its place; references from there are unknown, as they may lead back.
 */
type Plain<S, D> = S extends Shortcut
  ? PlainType<NameOf<S>>
  : S extends readonly unknown[]
    ? { [I in keyof S]: Plain<S[I], D> }
    : S extends { readonly $ref: infer R }
      ? Referred<R, D>
      : S extends { readonly type: infer T extends keyof Own }
        ? { const: Own[T] }
        : S extends { readonly type: readonly (infer T extends TypeName)[] }
          ? [Extract<T, keyof Own>] extends [never]
            ? PlainKeywords<S, D>
            : T extends keyof Simple
              ? { const: Simple[T] }
              : true
          : S extends object
            ? PlainKeywords<S, D>
            : S

type Own = Pick<Simple, 'date' | 'bigint' | 'bytes'>
type PlainType<T> = T extends keyof Own ? { const: Own[T] } : { type: T }
type Referred<R, D> = R extends `#/${'$defs' | 'definitions'}/${infer N extends keyof D & string}`
  ? Plain<D[N], unknown>
  : true

type PlainKeywords<S extends object, D> = {
  [K in keyof S]: K extends 'properties' | 'patternProperties'
    ? { [N in keyof S[K]]: Plain<S[K][N], D> }
    : K extends 'items' | 'prefixItems' | 'additionalProperties' | 'allOf' | 'anyOf' | 'oneOf' | 'not'
      ? Plain<S[K], D>
      : S[K]
} & (S extends { readonly properties: unknown }
  ? S extends { readonly additionalProperties: unknown }
    ? unknown
    : { additionalProperties: false }
  : unknown)

export type Properties<S> = S extends { readonly properties: infer P } ? P : unknown
export type RequiredName<S> = S extends { readonly required: readonly (infer R)[] } ? R : never

/** The name of the property that holds the id. */
export type IdProperty<S> = S extends { readonly idProperty: infer N extends string } ? N : 'id'

/** The ids of a model's objects: as declared, else any. */
export type IdOf<S> = S extends { readonly schema: infer T extends StandardSchemaV1 }
  ? IdIn<StandardSchemaV1.InferOutput<T>, S>
  : Properties<S> extends { readonly [N in IdProperty<S>]: infer P }
    ? Extract<ValueOf<P, S>, Id>
    : Id
type IdIn<O, S> = IdProperty<S> extends keyof O ? Extract<O[IdProperty<S>], Id> : Id

type Having<P, R> = { [K in keyof P]: P[K] extends R ? K : never }[keyof P]
type Blocked<P> = Having<P, { readonly blocked: true }>
type Defaulted<P> = Having<P, { readonly default: unknown }>
type Computed<P> = Exclude<Having<P, { get(...args: never): unknown }>, Having<P, { set(...args: never): unknown }>>

type Seen<P, S> = P extends { get(...args: never): infer R }
  ? unknown extends ValueOf<P, S>
    ? R
    : ValueOf<P, S>
  : ValueOf<P, S>

type Simplify<T> = { [K in keyof T]: T[K] } & {}

/** Undeclared properties, where nothing is declared or the definition lets them in by name. */
type Open<S> = S extends { readonly additionalProperties: infer A }
  ? A extends false
    ? unknown
    : { [name: string]: unknown }
  : S extends { readonly properties: unknown }
    ? unknown
    : { [name: string]: unknown }

/** The data of an object as it is loaded: the id, defaults and computed properties are there. */
export type DataOf<S> = Simplify<
  DataOfProperties<Properties<S>, S, RequiredName<S> | IdProperty<S>> &
    (S extends { readonly schema: infer T extends StandardSchemaV1 }
      ? Unblocked<StandardSchemaV1.InferOutput<T>, S> & { [N in IdProperty<S>]: IdOf<S> }
      : (IdProperty<S> extends keyof Properties<S> ? unknown : { [N in IdProperty<S>]: Id }) & Open<S>)
>

/** What a schema of another library gives, without what is blocked here. */
type Unblocked<O, S> = [Blocked<Properties<S>>] extends [never] ? O : Omit<O, Blocked<Properties<S>>>

type DataOfProperties<P, S, Sure> = SplitData<
  P,
  S,
  Exclude<keyof P, Blocked<P>>,
  Sure | Defaulted<P> | Computed<P>,
  Having<P, { readonly readonly: true }> | Computed<P>
>
type SplitData<P, S, Visible extends keyof P, Sure, Fixed> = {
  -readonly [K in Extract<Exclude<Visible, Fixed>, Sure>]: Seen<P[K], S>
} & {
  -readonly [K in Exclude<Visible, Fixed | Sure>]?: Seen<P[K], S>
} & {
  readonly [K in Extract<Visible, Fixed & Sure>]: Seen<P[K], S>
} & {
  readonly [K in Exclude<Extract<Visible, Fixed>, Sure>]?: Seen<P[K], S>
}

/** What a new object may be given as: without what has a default, what is computed, and the id unless it is required. */
export type InputOf<S> = S extends { readonly coerce: true } ? Loose<ExactInputOf<S>> : ExactInputOf<S>

type ExactInputOf<S> = Simplify<
  InputOfProperties<Properties<S>, S, RequiredName<S>> &
    (S extends { readonly schema: infer T extends StandardSchemaV1 }
      ? Unblocked<StandardSchemaV1.InferInput<T>, S> &
          (IdProperty<S> extends keyof StandardSchemaV1.InferInput<T>
            ? unknown
            : { [N in IdProperty<S>]?: Id | undefined })
      : (IdProperty<S> extends keyof Properties<S> ? unknown : { [N in IdProperty<S>]?: Id | undefined }) & Open<S>)
>

/** With text in place of what can be made of it. */
type Loose<V> = V extends boolean | number | bigint | Date | Uint8Array
  ? V | string
  : V extends string
    ? string extends V
      ? V | number
      : V
    : V extends object
      ? { [K in keyof V]: Loose<V[K]> }
      : V

type InputOfProperties<P, S, R> = SplitInput<P, S, Exclude<keyof P, Blocked<P> | Computed<P>>, Exclude<R, Defaulted<P>>>
type SplitInput<P, S, Given extends keyof P, Needed> = {
  -readonly [K in Extract<Given, Needed>]: ValueOf<P[K], S>
} & {
  -readonly [K in Exclude<Given, Needed>]?: ValueOf<P[K], S> | undefined
}

/** The data of an object with its defaults, before it is stored. */
export type Completed<S> = S extends { readonly schema: StandardSchemaV1 }
  ? Simplify<Omit<DataOf<S>, IdProperty<S>> & { [N in IdProperty<S>]?: IdOf<S> }>
  : Simplify<
      Omit<DataOf<S>, Computed<Properties<S>> | (IdProperty<S> extends RequiredName<S> ? never : IdProperty<S>)> & {
        [N in IdProperty<S>]?: IdOf<S>
      }
    >
