/** Checks objects against a schema: code that ajv writes decides, and where it says no, what is wrong is looked for. */
import { _, Ajv2020, type KeywordDefinition } from 'ajv/dist/2020.js'
import type { Issue } from '../../lib/errors.js'
import { explainer } from './explain.js'
import { keywords, ownTypes, type TypeName } from './keywords.js'
import { begin, spend, TooMuchWork } from './limits.js'
import { pattern } from './pattern.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'
import { enumTest, formatTest, isMultiple, isUnique, type Test, typeTest } from './values.js'

export { maxIssues } from './explain.js'

/** What is wrong with an object, at most 20 issues; nothing, if it is valid. */
export type Validator = (object: object) => readonly Issue[]

export interface ValidatorOptions {
  /** Properties of which no more is told than that they are wrong. */
  readonly hidden?: readonly string[] | undefined
}

/** Makes the validator of a checked schema. It is compiled when it is first called, which takes some milliseconds. */
export function validator(schema: PlainObjectSchema, { hidden = [] }: ValidatorOptions = {}): Validator {
  const explain = explainer(schema, hidden)
  let isValid: Test | undefined
  return object => {
    isValid ??= compile(schema) ?? explain.accepts
    begin()
    try {
      return isValid(object) ? valid : explain.issues(object)
    } catch (error) {
      if (error instanceof TooMuchWork) return [{ path: [], keyword: 'work', message: 'takes too long to be checked' }]
      if (!(error instanceof RangeError)) throw error
      return [{ path: [], keyword: 'depth', message: 'is nested too deeply to be checked' }]
    }
  }
}

const valid: readonly Issue[] = []

/** The test of a schema; `undefined` where code may not be made from text (Content Security Policy), or would not be right. */
function compile(schema: PlainObjectSchema): Test | undefined {
  // it takes names that every object inherits, such as constructor, for evaluated, and items that contains has found
  if (mentions(schema, name => name.startsWith('unevaluated'))) return undefined
  const ajv = new Ajv2020({
    // the definition was checked: no mistake in it need be found now
    strict: false,
    strictNumbers: true,
    meta: false,
    validateSchema: false,
    // own properties cost time; they matter only where a name is inherited by every object
    ownProperties: mentions(schema, name => name in Object.prototype),
    messages: false,
    logger: false,
    validateFormats: false,
    code: { regExp: Object.assign(pattern as never, { code: 'pattern' }) as never },
  })
  for (const each of replaced) ajv.removeKeyword(each.keyword).addKeyword(each)
  try {
    return ajv.compile({ ...(translated(schema) as object), type: 'object' })
  } catch (error) {
    if (error instanceof EvalError) return undefined
    throw error
  }
}

const test = <C>(compile: (content: C) => Test) => ({ compile, errors: false as const })

/** Keywords that are ours, or that ajv would take too long for or not be right about. */
const replaced: readonly (KeywordDefinition & { keyword: string })[] = [
  { keyword: 'kind', ...test((types: readonly TypeName[]) => typeTest(types)) },
  { keyword: 'enum', ...test((values: readonly unknown[]) => enumTest(values)) },
  { keyword: 'format', ...test((name: string) => formatTest(name)) },
  { keyword: 'uniqueItems', type: 'array', ...test((wanted: boolean) => items => !wanted || isUnique(items as [])) },
  { keyword: 'multipleOf', type: 'number', ...test((of: number) => value => isMultiple(value as number, of)) },
  {
    keyword: 'work',
    code({ gen, schema }) {
      gen.code(_`${gen.scopeValue('func', { ref: spend })}(${schema})`)
    },
  },
]

/** Does the schema speak of such a keyword or property? */
function mentions(schema: unknown, is: (name: string) => boolean): boolean {
  if (typeof schema === 'string') return is(schema)
  if (typeof schema !== 'object' || schema === null) return false
  return Object.entries(schema).some(([name, each]) => is(name) || mentions(each, is))
}

/** Keywords whose schemas are checked as often as the one around them; all others count their own work. */
const once = new Set(['properties', 'prefixItems', 'allOf', 'then', 'else', 'dependentSchemas'])

/**
 * The schema in ajv's words: types that are ours, and `object`, which is not a `Date` here, become a `kind`. What may be
 * checked more than once counts its work.
 */
function translated(schema: PlainSchema, counts = true): PlainSchema {
  if (typeof schema === 'boolean') return schema
  const made: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(schema)) {
    const kind = keywords.get(name)?.content
    const inside = (each: PlainSchema) => translated(each, !once.has(name))
    if (name === 'type') Object.assign(made, translatedType([content as string].flat()))
    else if (kind === 'schema') made[name] = inside(content as PlainSchema)
    else if (kind === 'schemas') made[name] = (content as PlainSchema[]).map(inside)
    else if (kind === 'schemaMap') {
      const entries = Object.entries(content as Record<string, PlainSchema>)
      made[name] = Object.fromEntries(entries.map(([key, each]) => [key, inside(each)]))
    } else made[name] = content
  }
  return counts || '$ref' in made ? { ...made, work: sizeOf(schema) } : made
}

function translatedType(types: readonly string[]): object {
  const own = types.some(type => type === 'object' || (ownTypes as readonly string[]).includes(type))
  return own ? { kind: types } : { type: types }
}

/** How many steps a schema takes by itself. */
function sizeOf(content: unknown): number {
  if (typeof content !== 'object' || content === null) return 1
  let size = 1
  for (const [name, each] of Object.entries(content)) {
    const kind = keywords.get(name)?.content
    const counted = (kind === 'schema' || kind === 'schemas' || kind === 'schemaMap') && !once.has(name)
    size += counted ? Object.keys(each as object).length : name === 'enum' ? 1 : sizeOf(each)
  }
  return size
}
