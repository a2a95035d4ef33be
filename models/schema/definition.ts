/** What may stand in a definition, as static types. */
import type { Data } from '../../lib/store.js'
import type { shortcuts, TypeName } from './keywords.js'

/** A constructor that stands for a type: `String`, `Number`, `Boolean`, `Object`, `Array`, `Date`, `BigInt`, `Uint8Array`. */
export type Shortcut = (typeof shortcuts)[number][0]

/** A schema: JSON Schema (draft 2020-12), with constructors for types, and the types `date`, `bigint` and `bytes`. */
export type SchemaValue = boolean | Shortcut | SchemaKeywords

type SchemaMap = { readonly [name: string]: SchemaValue }

export interface SchemaKeywords {
  readonly title?: string
  readonly description?: string
  readonly $comment?: string
  readonly $anchor?: string
  readonly $ref?: string
  readonly $defs?: SchemaMap
  readonly definitions?: SchemaMap
  readonly deprecated?: boolean
  readonly examples?: readonly unknown[]
  readonly type?: TypeName | readonly TypeName[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly allOf?: readonly SchemaValue[]
  readonly anyOf?: readonly SchemaValue[]
  readonly oneOf?: readonly SchemaValue[]
  readonly not?: SchemaValue
  readonly if?: SchemaValue
  readonly then?: SchemaValue
  readonly else?: SchemaValue
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly contentEncoding?: string
  readonly contentMediaType?: string
  readonly items?: SchemaValue
  readonly prefixItems?: readonly SchemaValue[]
  readonly contains?: SchemaValue
  readonly minContains?: number
  readonly maxContains?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly unevaluatedItems?: SchemaValue
  readonly properties?: SchemaMap
  readonly required?: readonly string[]
  readonly patternProperties?: SchemaMap
  readonly additionalProperties?: SchemaValue
  readonly propertyNames?: SchemaValue
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly dependentRequired?: { readonly [name: string]: readonly string[] }
  readonly dependentSchemas?: SchemaMap
  readonly unevaluatedProperties?: SchemaValue
  readonly default?: unknown
}

/** A property of a model's objects: its schema, and its rules. */
export interface PropertyDefinition extends SchemaKeywords {
  /** Set when the object is made; it cannot be changed or removed afterwards. */
  readonly readonly?: boolean
  /** No two objects in the store may have the same value. Needs a store with `setSchema`. */
  readonly unique?: boolean
  /** The store keeps an index on the property, if it can. */
  readonly index?: boolean
  /** The value of a new object that has none: a value, of which each gets its own copy, or a function that makes one. */
  readonly default?: unknown
  /** Kept on the instance, never stored. */
  readonly transient?: boolean
  /** Neither seen nor written through this model. What is stored stays. */
  readonly blocked?: boolean
  /**
   * Computes what is seen, when the object is loaded; `this` is the stored data. Queries go by what is stored. Without
   * `set`, what is assigned is not looked at.
   */
  get?(this: Data, stored: unknown): unknown
  /** Computes what is stored, where the value is new or has changed. A throw becomes an issue of the validation. */
  set?(this: Data, value: unknown, old: unknown): unknown
}

export type Property = boolean | Shortcut | PropertyDefinition

/** The schema of a model's objects. */
export interface ObjectDefinition extends Omit<SchemaKeywords, 'type' | 'properties'> {
  readonly $schema?: string
  readonly $id?: string
  readonly type?: 'object'
  readonly properties?: { readonly [name: string]: Property }
  /** The property that holds the id, as the store has it; `id` by default. */
  readonly idProperty?: string
}
