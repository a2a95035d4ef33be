/** Schemas of other libraries in place of JSON Schema: Standard Schema (standardschema.dev), such as those of zod and valibot. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../../lib/errors.js'
import type { PropertySchema } from '../../lib/schema.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { describe } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import { refuse } from './plain.js'

export interface Checked {
  /** What is to be stored; absent where there are issues. */
  readonly value?: Data
  readonly issues: readonly Issue[]
}

/** The most issues that are told of one object. */
const maxIssues = 20

/** Has a schema look at an object. */
export type Check = (object: Data) => MaybePromise<Checked>

export function isStandard(schema: unknown): schema is StandardSchemaV1 {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false
  const { '~standard': standard } = schema as Partial<StandardSchemaV1>
  return typeof standard === 'object' && standard !== null && typeof standard.validate === 'function'
}

/** Makes the check. An id that the schema does not know of is the store's, so it is not shown to it and is kept. */
export function standardCheck(schema: unknown, idProperty: string): Check {
  if (!isStandard(schema)) return refuse(['schema'], `must be a Standard Schema, not ${describe(schema)}`)
  const standard = schema['~standard']
  const declared = propertiesOf(schema, 'input')
  const hidesId = declared !== undefined && !Object.hasOwn(declared, idProperty)
  return object => {
    const { [idProperty]: id, ...others } = object
    const shown = hidesId ? others : { ...object }
    return when(standard.validate(shown), result => {
      if (result.issues) return { issues: result.issues.slice(0, maxIssues).map(issueOf) }
      const { value } = result
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return { issues: [{ path: [], keyword: 'schema', message: `must become an object, not ${describe(value)}` }] }
      }
      const named = id === undefined || Object.hasOwn(value, idProperty) ? value : { [idProperty]: id, ...value }
      return { value: named as Data, issues: [] }
    })
  }
}

/** What a store can be told of the properties, if the schema can say it as JSON Schema. */
export function toldBy(schema: unknown): Readonly<Record<string, PropertySchema>> {
  const told: Record<string, PropertySchema> = {}
  for (const [name, property] of Object.entries(propertiesOf(schema, 'output') ?? {})) {
    const { type, format } = (typeof property === 'object' ? property : {}) as PropertySchema
    if (type !== undefined) told[name] = { type, ...(typeof format === 'string' && { format }) }
  }
  return told
}

function propertiesOf(schema: unknown, side: 'input' | 'output'): Data | undefined {
  const { jsonSchema } = (schema as StandardSchemaV1)['~standard'] as Partial<StandardJSONSchemaV1.Props>
  try {
    // zod throws for what JSON has not, such as a Date, unless it is told not to mind
    const options = { target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } } as const
    return jsonSchema?.[side](options).properties as Data | undefined
  } catch {
    return undefined
  }
}

function issueOf({ path = [], message }: StandardSchemaV1.Issue): Issue {
  const steps = path.map(step => (typeof step === 'object' ? step.key : step))
  return {
    path: steps.map(step => (typeof step === 'number' ? step : String(step).slice(0, 100))),
    keyword: 'schema',
    message,
  }
}
