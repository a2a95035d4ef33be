/** The types of names, paths and values in a query on objects of a known type. */

/** The names that a type spells out; not those that an index signature allows. */
type KnownName<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : symbol extends K ? never : K]: true
} &
  string

/** The name of a property. Any name where the type is open; those it spells out are still offered. */
export type Name<T> = T extends Leaf
  ? never
  : string extends keyof T
    ? KnownName<T> | (string & Record<never, never>)
    : Exclude<keyof T & string, MethodName<T>>

/** What a model's instance has besides its data. */
type MethodName<T> = {
  [K in keyof T]-?: unknown extends T[K] ? never : T[K] extends (...args: never) => unknown ? K : never
}[keyof T]

/** A name, or the names on the way to a nested property. */
export type PathIn<T> = Name<T> | readonly [Name<T>, ...string[]]

/** A name with the direction before it, for `sort`. Of a path the first name has it. */
export type KeyIn<T> = SortName<T> | readonly [SortName<T>, ...string[]]
type SortName<T> = Name<T> | `+${Name<T>}` | `-${Name<T>}`

/** The type of the property at a path; `unknown` where an open type says nothing, `never` where there can be none. */
export type At<T, P> = P extends readonly [infer Head extends string, ...infer Rest extends readonly string[]]
  ? Rest extends readonly []
    ? Get<T, Head>
    : At<Exclude<Get<T, Head>, null | undefined>, Rest>
  : P extends string
    ? Get<T, P>
    : unknown

type Get<T, K extends string> = unknown extends T
  ? unknown
  : T extends Leaf
    ? never
    : K extends keyof T
      ? T[K]
      : string extends keyof T
        ? unknown
        : never

/** What has no properties for a query, whatever methods it has. */
type Leaf = string | number | bigint | boolean | Date | Uint8Array | readonly unknown[] | null | undefined

/** A path that leads somewhere, as the type of an argument from which `P` is inferred. */
export type To<T, P> = P & ([At<T, P>] extends [never] ? never : unknown)

/** What a property can be compared with for equality: a value of its own, or null for a missing one. */
export type Equal<V> = Exclude<V, undefined> | null

/** What `contains` looks for: an element, or the text in a text. */
export type Part<V> = unknown extends V ? unknown : V extends string ? string : ElementOf<V>

/** What the elements are that conditions are asked of. */
export type ElementOf<V> = unknown extends V ? Record<string, unknown> : V extends readonly (infer E)[] ? E : never

/** An object with only these properties. */
export type Selected<T, P> = (P extends unknown ? (part: SelectedOne<T, P>) => void : never) extends (
  whole: infer S,
) => void
  ? { [K in keyof S]: S[K] }
  : never

type SelectedOne<T, P> = P extends readonly [infer Head extends string, ...infer Rest extends readonly string[]]
  ? Rest extends readonly []
    ? SelectedName<T, Head>
    : { [K in Head]?: Selected<Exclude<Get<T, Head>, null | undefined>, Rest> }
  : P extends string
    ? SelectedName<T, P>
    : never

type SelectedName<T, K extends string> = K extends keyof T ? Pick<T, K> : { [N in K]?: unknown }

/** An object without these properties. */
export type Without<T, N> = { [K in keyof T as K extends N ? never : K]: T[K] }

/** A sum of numbers is a number; where there can be bigints it can be one. */
export type Sum<V> = unknown extends V ? number : [Extract<V, bigint>] extends [never] ? number : number | bigint

declare const related: unique symbol

/** What objects link to, by the name of the link. Only the compiler knows it: no object has the property. */
export interface Related<R> {
  readonly [related]?: R
}

/** The names of the links of objects. */
export type RelIn<O> = O extends Related<infer R> ? (unknown extends R ? never : keyof R & string) : never

/** What a link leads to. */
export type RelatedBy<O, N> = O extends Related<infer R> ? (N extends keyof R ? R[N] : never) : never
