/** What a facet opens and closes, as it is written down. */
import type { Data, MaybePromise, Query } from '../../lib/store.js'
import type { PropertyDefinition } from '../schema/definition.js'
import type { Facet } from './types.js'

/** A property through a facet: whether it is read and written there, and what of a definition may be tightened. */
export interface PropertyRule extends Omit<PropertyDefinition, 'unique' | 'index'> {
  /** `false`: not seen, not asked about, not sorted by. */
  readonly readable?: boolean
  /** `false`: as it is, or as it was, whatever is given. */
  readonly writable?: boolean
}

/** The operators of RQL. */
export type OperatorName =
  | ('eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'in' | 'out' | 'contains' | 'excludes' | 'between' | 'match' | 'exists')
  | ('and' | 'or' | 'not' | 'rel' | 'sort' | 'limit' | 'select' | 'unselect' | 'values' | 'distinct' | 'first' | 'one')
  | ('count' | 'sum' | 'mean' | 'min' | 'max' | 'aggregate' | 'recurse')

/** What is asked of a facet, at most. */
export interface Limits {
  /** The operators of RQL that a query may use: all but `recurse` and `aggregate` by default, of a permissive facet all. */
  readonly operators?: readonly OperatorName[]
  /** Conditions and sorting by indexed properties only. */
  readonly indexed?: boolean
  /** A query must say a limit, of at most so many objects: 50 by default, of a permissive facet `Infinity`. */
  readonly maxLimit?: number
  /** Operators and values in one query: 100 by default, of a permissive facet `Infinity`. */
  readonly maxCost?: number
  /** How many of the objects that are seen through it there may be, for one more to be added. */
  readonly max?: number
  /** So many calls in so many milliseconds. */
  readonly rate?: { readonly max: number; readonly ttl: number }
  /** Until when it works: a Date, or milliseconds since 1970. */
  readonly expires?: Date | number
}

// biome-ignore lint/complexity/noBannedTypes: of any signature
type Opening = boolean | Function

/**
 * What a facet allows. What a rule does not mention stays as the kind of facet has it. The type parameters are the names of
 * properties, of methods, of methods of the instances, and of links.
 */
export interface Rules<
  N extends string = string,
  M extends string = string,
  P extends string = string,
  L extends string = string,
  C = unknown,
> extends Limits {
  /**
   * The methods that are open: their names; or by name `true` to open one, `false` to close it, or a function that takes its
   * place. They are the store's (`get put add delete query count subscribe transaction update patch getAll putAll deleteAll`), and
   * the model's static ones. A function is called with copies of what the holder gives, `this` being the facet; in the place of a
   * method of the store it closes what would go around it (`save()`, `update`, `patch`, transactions).
   */
  readonly methods?: readonly M[] | ({ readonly [K in M]?: Opening } & { readonly [name: string]: Opening })
  /**
   * The methods of the instances: `true` opens the model's, which then runs on the whole object, freshly loaded; a function is
   * a new one, which runs on what the holder sees. Those of the store (`save load delete`) come with `methods`.
   */
  readonly prototype?: readonly P[] | ({ readonly [K in P]?: Opening } & { readonly [name: string]: Opening })
  /** The objects that there are, for the holder; joined to every question as a tree. What he puts must fulfil it, too. */
  readonly where?: Query
  /** The values of `$1`, `$2`, … in it. */
  readonly parameters?: readonly unknown[]
  readonly properties?: { readonly [K in N]?: PropertyRule } & { readonly [computed: string]: PropertyRule }
  /** `false`: the properties that are not listed are neither seen nor written. */
  readonly additionalProperties?: boolean
  /** The links that can be followed, each by the facet of what it leads to. */
  readonly links?: { readonly [K in L]?: Facet }
  /** For whom the facet is: handed to `allowed`, and to nobody else. */
  readonly context?: C
  /** Is this object there, for him? Asked on everything read and written, of a copy of the whole object. */
  allowed?(context: C, object: Data): MaybePromise<boolean>
  /** What may be learnt of hidden objects through failure: which ids are taken, which values of unique properties; how many changes there were (`sequence`). */
  readonly reveals?: readonly (N | 'sequence')[]
  /** Said in a history to be the one who writes. */
  readonly actor?: string
  /** The time in milliseconds since 1970, for `rate` and `expires`. */
  readonly now?: () => number
}
