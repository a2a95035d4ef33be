/** What ajv found, in the words of our errors: the way to the value, and what it should be; never the value itself. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import { type Issue, StoreError } from '../../lib/errors.js'

type Params = Readonly<Record<string, unknown>>

/** The parameter that names the property concerned, where the error is about the object around it. */
const subjects: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
}

const wordings: Readonly<Record<string, (params: Params) => string>> = {
  required: () => 'is required',
  dependentRequired: ({ property }) => `is required where there is ${property}`,
  additionalProperties: () => 'is not declared',
  unevaluatedProperties: () => 'is not declared',
  propertyNames: () => 'may not be the name of a property',
  type: ({ type }) => `must be ${typesInWords(type)}`,
  kind: ({ type }) => `must be ${typesInWords(type)}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `must be greater than ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${limit}`,
  minLength: ({ limit }) => `must have at least ${amount(limit, 'character')}`,
  maxLength: ({ limit }) => `must have at most ${amount(limit, 'character')}`,
  minItems: ({ limit }) => `must have at least ${amount(limit, 'item')}`,
  maxItems: ({ limit }) => `must have at most ${amount(limit, 'item')}`,
  uniqueItems: () => 'must not have the same item twice',
  format: ({ format }) => `must be a valid ${format}`,
  enum: () => 'must be one of the allowed values',
  const: () => 'must be the one allowed value',
  'false schema': () => 'is not allowed',
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
  date: 'a Date',
  bigint: 'a bigint',
  bytes: 'a Uint8Array',
}

function typesInWords(types: unknown): string {
  return [types]
    .flat()
    .map(type => typeWords[type as string] ?? type)
    .join(' or ')
}

const amount = (count: unknown, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** The issue that ajv's error stands for. */
export function issueOf({ instancePath, keyword, params, message }: ErrorObject, object: object): Issue {
  const subject = params[subjects[keyword] ?? '']
  const path = pathOf(instancePath, object)
  return {
    path: subject === undefined ? path : [...path, short(subject)],
    keyword: keyword === 'kind' ? 'type' : keyword,
    message: wordings[keyword]?.(params) ?? message ?? 'is not valid',
  }
}

/** The names in a JSON pointer (RFC 6901); positions in arrays as numbers. */
function pathOf(pointer: string, object: object): (string | number)[] {
  let value: unknown = object
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(value) ? Number(name) : name
      value = (value as Record<string | number, unknown> | undefined)?.[step]
      return typeof step === 'number' ? step : short(step)
    })
}

const short = (name: unknown) => String(name).slice(0, 100)

/** All issues of one object as one error. */
export function validationError(
  issues: readonly Issue[],
  about: string,
  method: string,
  id?: string | number,
): StoreError {
  const shown = issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.length > 0 ? path.join('.') : 'the object'} ${message}`)
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : ''
  const which = id === undefined ? about : `${about} ${id}`
  return new StoreError('ValidationError', `${which}: ${shown.join('; ')}${more}`, { method, id, issues })
}
