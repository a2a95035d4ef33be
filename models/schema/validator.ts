/** Checks objects against a schema, by code that ajv writes for it: where `new Function` is forbidden, nothing is valid. */
import { _, Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { type Issue, StoreError } from '../../lib/errors.js'
import { rank } from '../../lib/order.js'
import { keyOf } from '../../lib/query/key.js'
import { issueOf } from './issues.js'
import { keywords, ownTypes, type TypeName } from './keywords.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'

/** The most issues that one error tells of. */
export const maxIssues = 20

/** What is wrong with an object; nothing, if it is valid. */
export type Validator = (object: object) => readonly Issue[]

/** Makes the validator of a checked schema. It is compiled when it is first called, which takes some milliseconds. */
export function validator(schema: PlainObjectSchema): Validator {
  let validate: ValidateFunction | undefined
  return object => {
    validate ??= compile(schema)
    try {
      if (validate(object)) return []
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return [{ path: [], keyword: 'depth', message: 'is nested too deeply to be checked' }]
    }
    return (validate.errors as ErrorObject[]).slice(0, maxIssues).map(error => issueOf(error, object))
  }
}

function compile(schema: PlainObjectSchema): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    // the definition was checked: no mistake in it need be found now
    strict: false,
    strictNumbers: true,
    meta: false,
    validateSchema: false,
    // own properties cost time; they matter only where a name is inherited by every object
    ownProperties: namesInherited(schema),
    logger: false,
  })
  formats.default(ajv, { keywords: false })
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', compile: uniqueItems })
  ajv.addKeyword({
    keyword: 'kind',
    schemaType: 'array',
    compile: isOneOf,
    error: { message: 'must be of another type', params: ({ schemaCode }) => _`{type: ${schemaCode}}` },
  })
  try {
    return ajv.compile({ ...(translated(schema) as object), type: 'object' })
  } catch (cause) {
    if (!(cause instanceof EvalError)) throw cause
    const message = 'objects cannot be validated where code may not be made from text (Content Security Policy)'
    throw new StoreError('NotSupportedError', message, { cause })
  }
}

/** Does the schema speak of a property that every object inherits, such as `constructor`? */
function namesInherited(schema: unknown): boolean {
  if (typeof schema === 'string') return schema in Object.prototype
  if (typeof schema !== 'object' || schema === null) return false
  return Object.entries(schema).some(([name, each]) => name in Object.prototype || namesInherited(each))
}

/** The schema in ajv's words: types that are ours, and `object`, which is not a `Date` here, become a `kind`. */
function translated(schema: PlainSchema): PlainSchema {
  if (typeof schema === 'boolean') return schema
  const made: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(schema)) {
    const kind = keywords.get(name)?.content
    if (name === 'type') Object.assign(made, translatedType([content as string].flat()))
    else if (kind === 'schema') made[name] = translated(content as PlainSchema)
    else if (kind === 'schemas') made[name] = (content as PlainSchema[]).map(translated)
    else if (kind === 'schemaMap') made[name] = mapped(content as Record<string, PlainSchema>)
    else made[name] = content
  }
  return made
}

function mapped(schemas: Readonly<Record<string, PlainSchema>>): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, each]) => [name, translated(each)]))
}

function translatedType(types: readonly string[]): object {
  const own = types.some(type => type === 'object' || (ownTypes as readonly string[]).includes(type))
  return own ? { kind: types } : { type: types }
}

type Test = (value: unknown) => boolean

const tests: Record<TypeName, Test> = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  integer: Number.isInteger,
  bigint: value => typeof value === 'bigint',
  date: value => rank(value) === 3,
  string: value => typeof value === 'string',
  bytes: value => rank(value) === 5,
  array: Array.isArray,
  object: value => rank(value) === 7,
}

function isOneOf(types: readonly TypeName[]): Test {
  const chosen = types.map(type => tests[type])
  const [first] = chosen
  return first && chosen.length === 1 ? first : value => chosen.some(test => test(value))
}

/** In linear time: ajv compares each item with each other, which is for ever where there are thousands. */
function uniqueItems(wanted: boolean): (items: readonly unknown[]) => boolean {
  return items => !wanted || new Set(items.map(keyOf)).size === items.length
}
