/** The static types of facets: which methods are open, and what of the objects is seen. */
import type { DeleteOptions, Options } from '../../lib/store.js'
import type { Bulk, DescriptionOf, described, Get, Needs, Reading, StoreMethod, Text } from './described.js'
import type { Ends, FacetMethods, SaveOptions } from './offered.js'
import type { Rules } from './rules.js'

export type { Base, Facet } from './described.js'

/** The rules that make sense over a model, or a facet. */
export type RulesOf<B> = RulesBy<DescriptionOf<B>>
type RulesBy<D> = Rules<
  Text<keyof Get<D, 'data'>>,
  Get<D, 'methods'> | Text<keyof Get<D, 'own'>>,
  Text<keyof Get<D, 'prototype'>>,
  Get<D, 'toOne'> | Get<D, 'toMany'>
>

/** What a name may say that is not known: a new method is a function, a new property is computed. Else it is misspelt. */
export type Checked<B, R> = CheckedBy<DescriptionOf<B>, R>
type CheckedBy<D, R> = { readonly [N in Exclude<keyof R, keyof Rules>]: never } & New<
  R,
  'methods',
  StoreMethod | keyof Get<D, 'own'>,
  Unsigned
> &
  New<R, 'prototype', keyof Get<D, 'prototype'>, Unsigned> &
  New<R, 'links', Get<D, 'toOne'> | Get<D, 'toMany'>, never> &
  New<R, 'properties', keyof Get<D, 'data'>, { readonly get: Unsigned }>
type New<R, P extends string, Known, V> = R extends { readonly [N in P]: infer M }
  ? M extends readonly unknown[]
    ? unknown
    : { readonly [N in P]: { readonly [N in Exclude<keyof M, Known>]: V } }
  : unknown

// biome-ignore lint/complexity/noBannedTypes: one with a signature would be looked at while that is inferred
type Unsigned = Function
// biome-ignore lint/suspicious/noExplicitAny: of any signature
type AnyFunction = (...args: any) => unknown

type Kind = 'restrictive' | 'permissive'
type Said<R, K extends string> = R extends { readonly [P in K]: infer M } ? M : Record<never, never>

type Opened<M> = M extends readonly (infer N)[] ? N : { [K in keyof M]: M[K] extends true ? K : never }[keyof M]
type Closed<M> = M extends readonly unknown[] ? never : { [K in keyof M]: false extends M[K] ? K : never }[keyof M]
type Replaced<M> = M extends readonly unknown[]
  ? never
  : { [K in keyof M]: M[K] extends AnyFunction ? K : never }[keyof M]

/** Of these names, those that are open. */
type Open<All, M, Default> = Exclude<Extract<Default | Opened<M>, All>, Closed<M> | Replaced<M>>
type Able<Name, All> = Name extends keyof Needs ? ([Needs[Name]] extends [All] ? Name : never) : Name

type OpenMethods<D, M, K extends Kind> = OpenOf<
  Get<D, 'methods'>,
  M,
  K extends 'permissive' ? Get<D, 'methods'> : Reading
>
/** What a function stands in the place of is no part of a transaction. */
type OpenOf<All, M, Default> = Usable<
  Exclude<Open<All, M, Default>, [Extract<Replaced<M>, StoreMethod>] extends [never] ? never : 'transaction' | Bulk>
>
type Usable<All> = Able<All, All>

type HiddenIn<P> = {
  [K in keyof P]: P[K] extends { readonly blocked: true } | { readonly readable: false } ? K : never
}[keyof P]
type ComputedIn<P> = { [K in keyof P]: P[K] extends { readonly get: AnyFunction } ? K : never }[keyof P]
type SetIn<P> = { [K in keyof P]: P[K] extends { readonly set: AnyFunction } ? K : never }[keyof P]
type DefaultedIn<P> = { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P]
type FixedIn<P> =
  | { [K in keyof P]: P[K] extends { readonly blocked: true } | { readonly writable: false } ? K : never }[keyof P]
  | Exclude<ComputedIn<P>, SetIn<P>>
type Listed<R, P, I> = R extends { readonly additionalProperties: false } ? keyof P | I : PropertyKey

type Simplify<T> = { [K in keyof T]: T[K] } & {}
type Without<T, L, X> = { [K in keyof T as K extends L ? (K extends X ? never : K) : never]: T[K] }

/** What can be asked by: as it is stored. */
type Stored<D, R, P> = Without<Get<D, 'data'>, Listed<R, P, Get<D, 'idName'>>, HiddenIn<P> | ComputedIn<P>>
type Seen<D, R, P> = Simplify<
  Without<Stored<D, R, P>, PropertyKey, FixedIn<P>> &
    Readonly<Pick<Stored<D, R, P>, Extract<FixedIn<P>, keyof Stored<D, R, P>>>> & {
      readonly [K in Exclude<ComputedIn<P>, HiddenIn<P>>]: P[K] extends { readonly get: (...args: never) => infer V }
        ? V
        : never
    }
>
type Given<D, R, P> = GivenOf<Without<Get<D, 'input'>, Listed<R, P, Get<D, 'idName'>>, FixedIn<P>>, DefaultedIn<P>>
type GivenOf<In, F> = Simplify<Without<In, PropertyKey, F> & Partial<Pick<In, Extract<F, keyof In>>>>

/** What a method gives: objects of the model as they are seen, or not at all. */
type Result<V, From, To> = V extends From
  ? To | undefined
  : V extends readonly (infer E)[]
    ? Exclude<Result<E, From, To>, E extends From ? undefined : never>[]
    : V
type Promised<F, From, To> = F extends (...args: infer A) => infer V
  ? (...args: A) => Promise<Result<Awaited<V>, From, To>>
  : never
type Callable<T, From, To> = { readonly [K in keyof T]: Promised<T[K], From, To> }

/** Methods that are not the store's: those underneath that are open, and functions of the rules. */
type Further<T, M, K extends Kind> = Pick<
  T,
  Extract<Open<keyof T, M, K extends 'permissive' ? keyof T : never>, keyof T>
> & {
  readonly [N in Exclude<Replaced<M>, StoreMethod>]: M[N]
}
/** Functions in the place of the store's methods. */
type Overriding<M> = { readonly [N in Extract<Replaced<M>, StoreMethod>]: M[N] }

type InstanceMethods<O, M> = ('put' extends M ? { save(options?: SaveOptions): Promise<O> } : unknown) &
  ('get' extends M ? { load(options?: Options): Promise<O> } : unknown) &
  ('delete' extends M ? { delete(options?: Omit<DeleteOptions, 'actor'>): Promise<boolean> } : unknown)

/** The links of a facet's objects, each to what its facet gives. */
type Linking<L, One, Many> = [keyof L] extends [never]
  ? unknown
  : {
      /** What a link leads to that leads to one: `undefined` if nothing is there, or nothing is seen of it. */
      link<N extends keyof L & One>(rel: N): Promise<InstanceOfFacet<L[N]> | undefined>
      /** What a link leads to that may lead to many: those that are seen. */
      links<N extends keyof L & Many>(rel: N): Promise<InstanceOfFacet<L[N]>[]>
    }

/** An object as a facet gives it. */
export type InstanceOfFacet<F> = F extends { readonly [described]?: infer D } ? Get<NonNullable<D>, 'instance'> : object

type Instance<D, R, O, Names> = O &
  InstanceMethods<O, Names> &
  Linking<Said<R, 'links'>, Get<D, 'toOne'>, Get<D, 'toMany'>>

type Methods<Names, Maybe, M> = { readonly [N in Exclude<Extract<Names, keyof M>, Maybe>]: M[N] } & {
  readonly [N in Extract<Extract<Names, keyof M>, Maybe>]?: M[N]
}

/** Where something is hidden, what runs past the rules must be opened by name. */
type Trusting<R, P, K extends Kind> = R extends
  | { readonly where: unknown }
  | { readonly allowed: unknown }
  | { readonly additionalProperties: false }
  ? 'restrictive'
  : [HiddenIn<P>] extends [never]
    ? K
    : 'restrictive'

/** A facet: the methods that are open, over what is seen of the objects. */
export type FacetOf<B, R, K extends Kind> = FacetBy<DescriptionOf<B>, R, K, Said<R, 'properties'>>

type FacetBy<D, R, K extends Kind, P> = Made<
  D,
  R,
  OpenMethods<D, Said<R, 'methods'>, K>,
  Further<Get<D, 'own'>, Said<R, 'methods'>, Trusting<R, P, K>>,
  Further<Get<D, 'prototype'>, Said<R, 'prototype'>, Trusting<R, P, K>>,
  P,
  Seen<D, R, P>
>

type Made<D, R, Names, Own, Proto, P, O extends object> = Whole<
  D,
  R,
  Names,
  Own,
  Proto,
  P,
  O,
  Instance<D, R, O, Names> & Callable<Proto, Get<D, 'instance'>, Instance<D, R, O, Names>>
>

type Whole<D, R, Names, Own, Proto, P, O extends object, I extends object> = Methods<
  Names,
  Get<D, 'maybe'>,
  FacetMethods<I, Stored<D, R, P>, Given<D, R, P>, Get<D, 'id'>, Within<D, R, Names, Own, P, I>>
> &
  Callable<Own & Overriding<Said<R, 'methods'>>, Get<D, 'instance'>, I> & {
    readonly [described]?:
      | {
          readonly data: O
          readonly input: Given<D, R, P>
          readonly instance: I
          readonly methods:
            | Text<Names>
            | Text<Extract<keyof Overriding<Said<R, 'methods'>>, 'get' | 'put' | 'add' | 'delete'>>
            | 'update'
            | 'patch'
            | 'getAll'
            | ('transaction' extends Names ? Bulk : never)
          readonly maybe: Get<D, 'maybe'>
          readonly own: Callable<Own, Get<D, 'instance'>, I>
          readonly prototype: Callable<Proto, Get<D, 'instance'>, I>
          readonly id: Get<D, 'id'>
          readonly idName: Get<D, 'idName'>
          readonly toOne: Extract<keyof Said<R, 'links'>, Get<D, 'toOne'>>
          readonly toMany: Extract<keyof Said<R, 'links'>, Get<D, 'toMany'>>
        }
      | undefined
  }

/** A transaction through a facet; what is open there is here, too. */
type Within<D, R, Names, Own, P, I extends object> = Methods<
  Exclude<Names, 'transaction' | 'subscribe'>,
  Get<D, 'maybe'>,
  FacetMethods<I, Stored<D, R, P>, Given<D, R, P>, Get<D, 'id'>, never>
> &
  Callable<Own & Overriding<Said<R, 'methods'>>, Get<D, 'instance'>, I> &
  Ends
