/** What a schema says of objects as they are stored, which may be other than what is seen of them. */
import type { Validate } from '../../lib/schema.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'
import { schemasIn } from './references.js'
import type { Rules } from './rules.js'
import { type Validator, validator } from './validator.js'

/** Judges what can be judged, and never refuses what the model itself would write. */
export function storedValidator(
  schema: PlainObjectSchema,
  rules: Rules,
  idProperty: string,
  asSeen: Validator,
): Validate {
  const other = [...rules.transient, ...rules.computed, ...rules.setters.keys()]
  const validate = other.length === 0 ? asSeen : validator(loosened(schema, rules, other), { hidden: rules.blocked })
  const declared = Object.hasOwn(schema.properties as object, idProperty)
  return object => {
    const issues = validate(object)
    if (issues.length === 0 || (declared && issues.some(({ path }) => path[0] === idProperty))) return issues
    // the store may have added the id to what was valid without
    const { [idProperty as never]: _, ...others } = object
    return Object.hasOwn(object, idProperty) && validate(others).length === 0 ? [] : issues
  }
}

/** Only what is said of single properties, and of these only of those that are stored as they are seen. */
function loosened(schema: PlainObjectSchema, { transient }: Rules, other: readonly string[]): PlainObjectSchema {
  const { properties, required = [], $defs, definitions } = schema
  if (refersElsewhere(schema)) return { properties: {} }
  const stored = Object.entries(properties as Record<string, PlainSchema>).filter(([name]) => !other.includes(name))
  return {
    properties: Object.fromEntries(stored),
    required: (required as readonly string[]).filter(name => !transient.includes(name)),
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  }
}

/** Does it lead to places that are loosened? */
function refersElsewhere(schema: PlainSchema): boolean {
  if (typeof schema === 'boolean') return false
  const { $ref = '#/$defs/' } = schema
  if (!/^#\/(?:\$defs|definitions)\//.test(String($ref))) return true
  return [...schemasIn(schema)].some(([, each]) => refersElsewhere(each))
}

/** A store adds the id, so a schema that is closed must let it in. */
export function withId(schema: PlainObjectSchema, idProperty: string): PlainObjectSchema {
  const { properties, additionalProperties, unevaluatedProperties } = schema
  const open = additionalProperties === undefined && unevaluatedProperties === undefined
  if (open || Object.hasOwn(properties as object, idProperty)) return schema
  return { ...schema, properties: { ...(properties as object), [idProperty]: { type: ['string', 'integer'] } } }
}
