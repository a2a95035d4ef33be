/** What a model tells a store about its objects: the part of JSON Schema (draft 2020-12) that a store can use. */
export interface Schema {
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
}

export interface PropertySchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  /**
   * Keep an index on the property: equality and ranges are answered without a scan. `false` drops one that only a schema has
   * asked for, in this process, and that is not unique.
   */
  readonly index?: boolean
  /** No two objects may have the same value. Implies an index. Objects without the property do not count. */
  readonly unique?: boolean
}
