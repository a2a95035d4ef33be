/** What a model tells a store about its objects: the part of JSON Schema (draft 2020-12) that a store can use. */
import { type Issue, validationError } from './errors.js'

export interface Schema {
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
  /**
   * What is wrong with an object as it is to be stored; `undefined` if it is none that this speaks of. A wrapper that writes of
   * its own accord asks it before. It never refuses what the model itself writes.
   */
  readonly validate?: Validate | undefined
}

export type Validate = (object: object) => readonly Issue[] | undefined

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

/** What all models of a store say of its objects. */
export interface Judge {
  /** Hears what a model tells. */
  hear(schema: Schema): void
  /** What is wrong with an object: nothing, if one of the models would write it, or none speaks of it. */
  issues(object: object): readonly Issue[]
  /** Throws a `ValidationError` if anything is. */
  check(object: object, method: string, id?: string | number): void
}

export function judge(): Judge {
  const all = new Set<Validate>()

  function issues(object: object): readonly Issue[] {
    const said = [...all].map(validate => validate(object)).filter(each => each !== undefined)
    return said.find(each => each.length === 0) ?? said[0] ?? []
  }

  return {
    hear({ validate }) {
      if (validate) all.add(validate)
    },
    issues,
    check(object, method, id) {
      const found = issues(object)
      if (found.length > 0) throw validationError(found, 'the object', method, id)
    },
  }
}
