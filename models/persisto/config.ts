/** What a Persisto is made of, as it is written down. */
import type { PropertyDefinition, Shortcut } from '../schema/definition.js'
import type { TypeName } from '../schema/keywords.js'

/** What a field holds: the name of a type, `'any'`, a constructor, or JSON Schema. */
export type Field = TypeName | 'any' | Shortcut | FieldDefinition

/** A field by JSON Schema, with `default` and `readonly` as in a model. */
export type FieldDefinition = Omit<
  PropertyDefinition,
  'unique' | 'index' | 'transient' | 'blocked' | 'get' | 'set' | 'required'
>

export type Fields = { readonly [field: string]: Field }

/** A field to find objects by: unique, as a name alone is, or not. */
export type IndexDefinition = string | { readonly field: string; readonly unique?: boolean }

/** `getUsersByCountry` is `users: { type: 'user', by: 'country' }`. */
export interface Grouping {
  readonly type: string
  readonly by: string | readonly string[]
}

/**
 * Which objects belong together, any number on both sides: the two types, as in `['user', 'post']`; or by the names of their
 * roles, as in `{ follower: 'user', followed: 'user' }`.
 */
export type Relation = readonly [string, string] | { readonly [role: string]: string }

/** The properties of an asset: their names, or their types by name. */
export type AssetProperties = readonly string[] | Fields

/** Types, and how their objects are found and belong together: each name in it becomes part of the names of methods. */
export interface Config {
  readonly types?: { readonly [type: string]: Fields }
  /** The fields that an object of the type must have. */
  readonly required?: { readonly [type: string]: readonly string[] }
  readonly indexes?: { readonly [type: string]: readonly IndexDefinition[] }
  readonly groupings?: { readonly [name: string]: Grouping }
  readonly relations?: { readonly [name: string]: Relation }
  readonly assets?: { readonly [type: string]: AssetProperties }
}

type FieldIn<C, T> = C extends { readonly types: { readonly [K in T & string]: infer F } } ? keyof F & string : string
type TypeIn<C> = C extends { readonly types: infer T } ? keyof T & string : string

/** What a configuration may say of the types that it, or one before it, declares. */
export interface Checked<C> {
  readonly required?: ByType<C, 'required'> & { readonly [T in TypeIn<C>]?: readonly FieldIn<C, T>[] }
  readonly indexes?: ByType<C, 'indexes'> & {
    readonly [T in TypeIn<C>]?: readonly (
      | FieldIn<C, T>
      | { readonly field: FieldIn<C, T>; readonly unique?: boolean }
    )[]
  }
  readonly groupings?: {
    readonly [name: string]: { readonly type: TypeIn<C>; readonly by: string | readonly string[] }
  }
  readonly relations?: {
    readonly [name: string]: readonly [TypeIn<C>, TypeIn<C>] | { readonly [role: string]: TypeIn<C> }
  }
}

/** No other names than those of types. */
type ByType<C, P extends string> = C extends { readonly [K in P]: infer V } ? NoOthers<V, TypeIn<C>> : unknown

/** Refuses what is no word of these. */
export type NoOthers<C, Words extends PropertyKey> = { readonly [K in Exclude<keyof C, Words>]?: never }
