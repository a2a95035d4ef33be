/** A model as a Standard Schema (standardschema.dev) itself: it checks and completes, and stores nothing. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { type Issue, isStoreError, StoreError } from '../../lib/errors.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import type { ObjectSchema } from '../schema.js'
import { ownTypes } from './keywords.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'
import { schemasIn } from './references.js'

/** The completed data of an object, and what is wrong with it. */
export type Examination = { readonly data: Data; readonly issues: readonly Issue[] }

export type StandardOfModel<I, O> = StandardSchemaV1.Props<I, O> & StandardJSONSchemaV1.Props<I, O>

export function standardOfModel(
  examine: (given: object) => MaybePromise<Examination>,
  { plain, rules }: ObjectSchema,
  given?: unknown,
): StandardOfModel<unknown, Data> {
  const own = () => standardJson(plain, [...rules.blocked, ...rules.computed], [...rules.defaults.keys()])
  const inner = (given as Partial<StandardJSONSchemaV1> | undefined)?.['~standard']?.jsonSchema
  const serve = (side: 'input' | 'output') => (options: StandardJSONSchemaV1.Options) => {
    if (given === undefined) return own()(side, options.target)
    if (inner) return inner[side](options)
    throw new StoreError('NotSupportedError', 'the schema of the model cannot be told as JSON Schema')
  }
  return Object.freeze({
    version: 1,
    vendor: 'holdfast',
    validate: (value: unknown) => settle(() => examine(value as object), toResult, refused),
    jsonSchema: Object.freeze({ input: serve('input'), output: serve('output') }),
  } as const)
}

function toResult({ data, issues }: Examination): StandardSchemaV1.Result<Data> {
  if (issues.length === 0) return { value: data }
  return {
    issues: issues.map(({ path, message }) => ({ path, message: `${path.join('.') || 'the object'} ${message}` })),
  }
}

/** What is not in the value domain is one issue more. */
function refused(error: unknown): StandardSchemaV1.FailureResult {
  const known = error instanceof TypeError || isStoreError(error, 'DataError') || isStoreError(error, 'DataCloneError')
  if (!known) throw error
  return { issues: [{ message: error.message }] }
}

/** Keywords that draft-07 has not, or means otherwise. */
const newer = new Set([
  '$anchor',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
  'dependentRequired',
  'dependentSchemas',
  'minContains',
  'maxContains',
])

const drafts: Readonly<Record<string, string>> = {
  'draft-2020-12': 'https://json-schema.org/draft/2020-12/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema#',
}

/** A schema of ours as JSON Schema of a draft; a `NotSupportedError` for what that cannot say. */
function standardJson(schema: PlainObjectSchema, left: readonly string[], defaults: readonly string[]) {
  return (side: 'input' | 'output', target: string): Record<string, unknown> => {
    const $schema = Object.hasOwn(drafts, target) ? drafts[target] : undefined
    if ($schema === undefined) throw unsupported(`there is no JSON Schema for ${target}`)
    const { properties = {}, required = [], ...others } = schema as { properties?: object; required?: string[] }
    const shown = Object.entries(properties).filter(([name]) => !left.includes(name))
    const needed =
      side === 'output' ? [...new Set([...required, ...defaults])] : required.filter(name => !defaults.includes(name))
    const made = { ...others, type: 'object', properties: Object.fromEntries(shown), required: needed }
    check(made, target)
    return { $schema, ...structuredClone(made) }
  }
}

function check(schema: PlainSchema, target: string): void {
  if (typeof schema === 'boolean') return
  const { type, $ref } = schema
  const own = [type].flat().find(each => (ownTypes as readonly unknown[]).includes(each))
  if (own !== undefined) throw unsupported(`JSON Schema has no type ${own}`)
  if (target === 'draft-07') {
    const unknown = Object.keys(schema).find(name => newer.has(name))
    if (unknown !== undefined) throw unsupported(`draft-07 has no ${unknown}`)
    if ($ref !== undefined && Object.keys(schema).length > 1) throw unsupported('draft-07 has nothing beside $ref')
  }
  for (const [, each] of schemasIn(schema)) check(each, target)
}

function unsupported(message: string): StoreError {
  return new StoreError('NotSupportedError', message)
}
