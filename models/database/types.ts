/** The static types of a database: its models, with the links between them. */
import type { Cursor } from '../../lib/cursor.js'
import type { Term } from '../../lib/query/conditions.js'
import type { Related } from '../../lib/query/typed.js'
import type { Id, MaybePromise, Options, Query, QueryOptions } from '../../lib/store.js'
import type { Told } from '../model/types.js'
import type { DataOf, IdOf, Properties } from '../schema/types.js'

/** The models of a database, by their names. */
export interface Models {
  readonly [name: string]: AnyModel
}
export type AnyModel = { readonly definition: unknown; readonly prototype: object } & (new (...data: never) => object)

type DefinitionOf<C> = C extends { readonly definition: infer D } ? D : never
type PrototypeOf<C> = C extends { readonly prototype: infer I } ? I : never
type DataOfClass<C> = C extends { readonly definition: infer D } ? DataOf<D> : never
type ArgumentsOf<C> = C extends new (...data: infer A) => unknown ? A : never

/** A link, from the model that has it to the other. */
interface End<From, Rel, To, Many extends boolean> {
  readonly from: From
  readonly rel: Rel
  readonly to: To
  readonly many: Many
}

/** All links of all models, from both ends. */
type Ends<M> = { [N in keyof M]: LinksOf<DefinitionOf<M[N]>, N> }[keyof M]
type LinksOf<D, N> = D extends { readonly links: readonly (infer L)[] } ? BothEnds<L, N, Properties<D>> : never

type BothEnds<L, N, P> = L extends { readonly rel: infer R extends string }
  ? L extends { readonly model: infer T extends string }
    ? Forward<N, R, T, HoldsMany<P, L extends { readonly property: infer Q extends string } ? Q : `${R}Id`>, L>
    : L extends { readonly href: `/${infer T}/{${infer Q}}` }
      ? Forward<N, R, T, HoldsMany<P, Q>, L>
      : L extends { readonly href: `/${infer T}?${string}={${string}}` }
        ? End<N, R, T, true>
        : never
  : never
type Forward<N, R, T, Many extends boolean, L> =
  | End<N, R, T, Many>
  | (L extends { readonly inverse: infer I extends string } ? End<T, I, N, true> : never)

/** Does the property hold an array? */
type HoldsMany<P, Q> = Q extends keyof P
  ? P[Q] extends ArrayConstructor | { readonly type: 'array' }
    ? true
    : P[Q] extends { readonly type: readonly (infer T)[] }
      ? 'array' extends T
        ? true
        : false
      : false
  : false

type EndsFrom<M, N> = Extract<Ends<M>, { readonly from: N }>
type EndTo<M, N, R> = Extract<EndsFrom<M, N>, { readonly rel: R }>
/** The links of a model, by their names. */
export type RelOf<M, N> = EndsFrom<M, N>['rel']
type RelToOne<M, N> = Extract<EndsFrom<M, N>, { readonly many: false }>['rel']
type RelToMany<M, N> = Extract<EndsFrom<M, N>, { readonly many: true }>['rel']
/** The name of the model to which a link leads. */
type Target<M, N, R> = Extract<EndTo<M, N, R>['to'], keyof M>

/** An instance of a model that is in a database. */
export type Linked<M, N extends keyof M> = PrototypeOf<M[N]> & Linking<M, N>

interface Linking<M, N extends keyof M> {
  /** What a link leads to, if it leads to one: its instance, or `undefined`. Costs a get. */
  link<R extends RelToOne<M, N>>(rel: R, options?: Options): Promise<Linked<M, Target<M, N, R>> | undefined>
  /** What a link leads to, if it may lead to many: those that fulfil the query. Costs one query. */
  links<R extends RelToMany<M, N>>(
    rel: R,
    query?: Term<Asked<M, Target<M, N, R>>>,
    options?: QueryOptions,
  ): Promise<Linked<M, Target<M, N, R>>[]>
}

/** What may be asked of the objects of a model. */
export type Asked<M, N extends keyof M> = DataOfClass<M[N]> &
  Related<{ readonly [R in RelOf<M, N> & string]: Asked<M, Target<M, N, R>> }>

/** What instances have besides when it is included. */
type Included<M, N, R> = [R] extends [never]
  ? unknown
  : {
      readonly [K in R & string]: EndTo<M, N, K>['many'] extends true
        ? Linked<M, Target<M, N, K>>[]
        : Linked<M, Target<M, N, K>> | undefined
    }

interface Including<R> {
  /** These links are followed at once, with at most one query for each, and their objects shown as properties. */
  readonly include?: readonly R[] | undefined
}

type Of<This, I> = This extends { readonly prototype: infer P extends I } ? P : I

/** The methods that follow links. `L`: does the model tell what is changed? Nobody tells that of what is included. */
interface Methods<M, N extends keyof M, L extends boolean = false> {
  readonly prototype: Linked<M, N>
  /** The object of this id as an instance, or `undefined`. */
  get<T, const R extends RelOf<M, N> = never>(
    this: T,
    id: IdOf<DefinitionOf<M[N]>>,
    options?: Options & Including<R>,
  ): MaybePromise<(Of<T, Linked<M, N>> & Included<M, N, R>) | undefined>
  /** What matches, as a cursor that can be refined; also by what the objects link to. */
  query<T, const R extends RelOf<M, N> = never>(
    this: T,
    query?: Query,
    options?: QueryOptions & Including<R>,
  ): Cursor<Of<T, Linked<M, N>> & Included<M, N, R>, Asked<M, N>, [R] extends [never] ? L : false>
}

/** A model, or a transaction on one, with the methods that follow links. */
type Following<X, M, N extends keyof M> = {
  [K in keyof X]: K extends keyof Methods<M, N> ? Methods<M, N>[K] : X[K]
}

interface Beginning<M, N extends keyof M> {
  /** Opens a transaction over all stores that rules connect with this one. */
  transaction<T>(
    this: T,
    ...options: TransactionArguments<M[N]>
  ): MaybePromise<Following<Omit<TransactionIn<M[N]>, 'prototype'>, M, N> & { readonly prototype: Of<T, Linked<M, N>> }>
}
type TransactionArguments<C> = C extends { transaction?(...options: infer A): unknown } ? A : never
type TransactionIn<C> = C extends { transaction?(...options: never): MaybePromise<infer X> } ? X : never

/** The class of a model in a database: it extends the model, and its instances follow links. */
export type Connected<M, N extends keyof M> = {
  new (...data: ArgumentsOf<M[N]>): Linked<M, N>
} & {
  [K in keyof M[N]]: K extends keyof Methods<M, N>
    ? Methods<M, N, Told<M[N]>>[K]
    : K extends 'transaction'
      ? Beginning<M, N>['transaction']
      : M[N][K]
}

type Ending = 'prepare' | 'commit' | 'abort'

/** What work in a transaction may use: the models whose stores have transactions, each in the same one. */
export type Within<M> = {
  readonly [N in keyof M as 'transaction' extends keyof M[N] ? N : never]: Following<
    Omit<TransactionIn<M[N]>, Ending>,
    M,
    N
  >
}

/** A link that leads to nothing. */
export interface Dangling {
  /** The name of the model. */
  readonly model: string
  /** The id of the object that has the link. */
  readonly id: Id
  readonly rel: string
  /** What stands in place of an id of the other model. */
  readonly target: unknown
}
