/** All that a definition asks of writes, made ready once. */
import type { Schema } from '../../lib/schema.js'
import { refuse } from '../schema/plain.js'
import { standardCheck, toldBy } from '../schema/standard.js'
import type { ObjectSchema } from '../schema.js'
import { needsCurrent } from './carry.js'
import { coercer } from './coerce.js'
import { hooksIn } from './hooks.js'
import { preparer } from './prepare.js'
import type { Setup } from './writer.js'

export function setupOf(
  schema: ObjectSchema,
  idProperty: string,
  others: Readonly<Record<string, unknown>>,
  methodNames: readonly string[],
): Setup {
  const { put, add, coerce = false, schema: standard } = others
  if (typeof coerce !== 'boolean') refuse(['coerce'], 'must be true or false')
  const hooks = hooksIn(others)
  const treatment = {
    beforeSave: hooks.beforeSave,
    coerce: coerce ? coercer(schema.plain) : undefined,
    check: standard === undefined ? undefined : standardCheck(standard, idProperty),
  }
  return {
    schema,
    idProperty,
    ...preparer(schema, methodNames, treatment),
    handled: { put: put !== undefined, add: add !== undefined },
    hooks,
    coerce: treatment.coerce,
    standard,
    carries: Object.keys(hooks).length > 0 || needsCurrent(schema.rules),
    alters: Object.values(treatment).some(each => each !== undefined),
  }
}

/** What a store is told, with what a schema of another library can say. */
export function toldOf({ schema: { told }, standard }: Setup): Schema {
  if (standard === undefined) return told
  const properties: Record<string, object> = { ...toldBy(standard) }
  for (const [name, property] of Object.entries(told.properties ?? {})) {
    properties[name] = { ...properties[name], ...property }
  }
  return { ...told, properties }
}
