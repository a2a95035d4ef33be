/** The keywords of JSON Schema (draft 2020-12) that a definition may use: what each holds, and what it speaks about. */

/** What a keyword holds. `schema` and its kin hold schemas again. */
export type Content =
  | 'schema'
  | 'schemas'
  | 'schemaMap'
  | 'number'
  | 'positive'
  | 'count'
  | 'string'
  | 'name'
  | 'pattern'
  | 'format'
  | 'flag'
  | 'names'
  | 'nameMap'
  | 'list'
  | 'types'
  | 'reference'
  | 'anything'

export interface Keyword {
  readonly content: Content
  /** The types it speaks about; of any other type it would say nothing. */
  readonly about?: readonly string[]
  /** The keyword it says nothing without. */
  readonly needs?: string
}

const text = ['string']
const numbers = ['number', 'integer']
const arrays = ['array']
const objects = ['object']

/** Every keyword by its name. */
export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...each('string', ['title', 'description', '$comment']),
  ...each('name', ['$id', '$anchor', '$dynamicAnchor']),
  ...each('flag', ['deprecated', 'readOnly', 'writeOnly']),
  ...each('anything', ['examples', 'default', 'const', 'contentSchema']),
  ...each('schemaMap', ['$defs', 'definitions']),
  ...each('schemas', ['allOf', 'anyOf', 'oneOf']),
  ...each('schema', ['not', 'if']),
  ...each('schema', ['then', 'else'], { needs: 'if' }),
  ...each('reference', ['$ref', '$dynamicRef']),
  ...each('types', ['type']),
  ...each('list', ['enum']),
  ...each('number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], { about: numbers }),
  ...each('positive', ['multipleOf'], { about: numbers }),
  ...each('count', ['minLength', 'maxLength'], { about: text }),
  ...each('pattern', ['pattern'], { about: text }),
  ...each('format', ['format'], { about: [...text, ...numbers] }),
  ...each('string', ['contentEncoding', 'contentMediaType'], { about: text }),
  ...each('schema', ['items', 'contains', 'unevaluatedItems'], { about: arrays }),
  ...each('schemas', ['prefixItems'], { about: arrays }),
  ...each('count', ['minItems', 'maxItems'], { about: arrays }),
  ...each('count', ['minContains', 'maxContains'], { about: arrays, needs: 'contains' }),
  ...each('flag', ['uniqueItems'], { about: arrays }),
  ...each('schemaMap', ['properties', 'patternProperties', 'dependentSchemas'], { about: objects }),
  ...each('schema', ['additionalProperties', 'propertyNames', 'unevaluatedProperties'], { about: objects }),
  ...each('count', ['minProperties', 'maxProperties'], { about: objects }),
  ...each('names', ['required'], { about: objects }),
  ...each('nameMap', ['dependentRequired'], { about: objects }),
])

function each(content: Content, names: readonly string[], more?: Omit<Keyword, 'content'>): [string, Keyword][] {
  return names.map(name => [name, { content, ...more }])
}

/** The types of JSON. */
const jsonTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const

/** The types that the value domain has besides. */
export const ownTypes = ['date', 'bigint', 'bytes'] as const

export type TypeName = (typeof jsonTypes)[number] | (typeof ownTypes)[number]

export const typeNames: ReadonlySet<string> = new Set([...jsonTypes, ...ownTypes])

/** The constructors that stand for a type. */
export const shortcuts = [
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Object, 'object'],
  [Array, 'array'],
  [Date, 'date'],
  [BigInt, 'bigint'],
  [Uint8Array, 'bytes'],
] as const satisfies readonly (readonly [unknown, TypeName])[]
