/** What facets are made over at the bottom: a model. */
import { schemaOf } from '../model.js'
import type { ObjectSchema } from '../schema.js'
import { type Authority, overModel } from './authority.js'
import type { Ground, Policy } from './policy.js'
import { secret } from './secret.js'

/** What is known of a model, as it is of a facet. */
export interface Grounded {
  readonly authority: Authority
  readonly ground: Ground
  readonly model: object
  readonly policies: readonly Policy[]
  readonly life: undefined
}

/** What facets over a model have in common: found out once. */
const grounds = secret<Grounded>()

/** Throws a `TypeError` for what is no model. */
export function groundOf(model: object): Grounded {
  const known = grounds.of(model)
  if (known) return known
  const schema = schemaOf(model)
  const { definition } = model as { definition: { idProperty?: string } }
  const idProperty = definition.idProperty ?? 'id'
  const ground = {
    schema,
    idProperty,
    declares: declared(definition, schema, idProperty),
    undeclared: schema.plain.additionalProperties !== false,
  }
  const grounded = { authority: overModel(model), ground, model, life: undefined, policies: [] }
  grounds.keep(model, grounded)
  return grounded
}

/** By name where the definition alone says which properties there are; else every name may be one. */
function declared(definition: object, schema: ObjectSchema, idProperty: string): Ground['declares'] {
  const names = new Set([idProperty, ...Object.keys(schema.plain.properties as object)])
  const open = names.size === 1 || opened.some(keyword => keyword in definition)
  return name => open || names.has(name)
}

const opened = 'additionalProperties patternProperties schema $ref allOf anyOf oneOf if dependentSchemas'.split(' ')
