/** What the objects of a model must be like: the definition, checked once, and the objects, checked at every write. */
import type { Schema } from '../lib/schema.js'
import { current } from './schema/draft-07.js'
import { type PlainObjectSchema, plain, plainObject, refuse } from './schema/plain.js'
import { resolveReferences } from './schema/references.js'
import { type Rules, readRules, splitProperty } from './schema/rules.js'
import { storedValidator, withId } from './schema/stored.js'
import { type Validator, validator } from './schema/validator.js'

/** A checked schema of objects. */
export interface ObjectSchema {
  /** The schema as plain JSON Schema, with `date`, `bigint` and `bytes` among its types. */
  readonly plain: PlainObjectSchema
  /** What a store is told: types, formats, indexes, unique properties. */
  readonly told: Schema
  /** The rules of the properties. */
  readonly rules: Rules
  /** What is wrong with an object. The first call compiles the schema. */
  readonly validate: Validator
}

export interface SchemaOptions {
  /** The property that holds the id, which even a closed schema need not declare. */
  readonly idProperty?: string | undefined
}

/**
 * Checks a definition's schema and makes it ready. Throws a `TypeError` that names the place of what is wrong: an unknown
 * keyword, type or format, a keyword that would say nothing, a rule that contradicts another.
 */
export function schema(definition: object, { idProperty = 'id' }: SchemaOptions = {}): ObjectSchema {
  if (idProperty === '__proto__') refuse(['idProperty'], 'cannot be __proto__')
  const { properties = {}, ...others } = current(plainObject(definition, []))
  if ((others.type ?? 'object') !== 'object') refuse(['type'], 'must be object')
  const split = Object.entries(plainObject(properties, ['properties'])).map(
    ([name, property]) => [name, splitProperty(property, ['properties', name])] as const,
  )
  const idRule = split.find(([name]) => name === idProperty)?.[1].rules ?? {}
  for (const rule of ['blocked', 'transient', 'get', 'set', 'default']) {
    if (idRule[rule] !== undefined) refuse(['properties', idProperty, rule], 'the id is the store’s')
  }
  const rules = readRules(Object.fromEntries(split.map(([name, { rules }]) => [name, rules])))
  const schemas = Object.fromEntries(split.map(([name, { schema }]) => [name, schema]))
  const checked = resolveReferences(plain({ ...others, properties: schemas }, []) as PlainObjectSchema)
  const required = (checked.required ?? []) as readonly string[]
  const never = rules.computed.find(name => required.includes(name))
  if (never !== undefined) refuse(['required'], `${never} is computed, so it cannot be required`)
  const validate = validator(withId(checked, idProperty), { hidden: rules.blocked })
  return Object.freeze({
    plain: checked,
    told: { ...tell(checked, rules), validate: storedValidator(checked, rules, idProperty, validate) },
    rules,
    validate,
  })
}

function tell({ properties, required }: PlainObjectSchema, rules: Rules): Omit<Schema, 'validate'> {
  const stored = Object.entries(properties as object).filter(([name]) => !rules.transient.includes(name))
  return {
    properties: Object.fromEntries(stored.map(([name, schema]) => [name, tellOf(name, schema, rules)])),
    required: ((required ?? []) as string[]).filter(name => !rules.transient.includes(name)),
  }
}

/** A property with a setter is stored as that makes it, of which the schema says nothing. */
function tellOf(name: string, schema: PlainObjectSchema, { setters, index, unique }: Rules) {
  const { type = typeIn(schema.allOf), format } = schema as { type?: Type; format?: string }
  return {
    ...(type !== undefined && !setters.has(name) && { type }),
    ...(format !== undefined && !setters.has(name) && { format }),
    ...(index.includes(name) && { index: true }),
    ...(unique.includes(name) && { unique: true }),
  }
}

type Type = string | readonly string[]

/** The type by one of the schemas that must all hold, as a definition that extends another has them. */
function typeIn(schemas: unknown): Type | undefined {
  const typed = Array.isArray(schemas) ? schemas.find(schema => schema?.type !== undefined) : undefined
  return typed?.type
}
