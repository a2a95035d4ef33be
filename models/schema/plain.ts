/** A definition as plain JSON Schema: a checked copy, so that no mistake waits for the first object to be found. */
import { checkedCopy, describe } from '../../lib/value.js'
import { formats } from './formats.js'
import { type Content, type Keyword, keywords, shortcuts, typeNames } from './keywords.js'
import { pattern as linear } from './pattern.js'

/** A JSON Schema (draft 2020-12) as plain data, with `date`, `bigint` and `bytes` among its types. */
export type PlainSchema = boolean | PlainObjectSchema
export interface PlainObjectSchema {
  readonly [keyword: string]: unknown
}

const maxDepth = 50

/** Checks and copies a schema: constructors become types. A `TypeError` names the place of what is wrong. */
export function plain(schema: unknown, place: readonly string[]): PlainSchema {
  if (typeof schema === 'boolean') return schema
  if (typeof schema === 'function') return { type: typeOf(schema, place) }
  if (place.length > maxDepth) refuse(place.slice(0, 8), 'nested too deeply, or in a cycle')
  const own = plainObject(schema, place)
  const copied: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(own)) {
    if (content === undefined) continue
    const keyword = keywords.get(name)
    if (!keyword) refuse(place, `there is no keyword ${JSON.stringify(name)}`)
    copied[name] = contents[keyword.content](content, [...place, name])
    checkSense(name, keyword, own, place)
  }
  return copied
}

function typeOf(shortcut: unknown, place: readonly string[]): string {
  const found = shortcuts.find(([known]) => known === shortcut)
  return found ? found[1] : refuse(place, `${describe(shortcut)} is not a type`)
}

/** Would the keyword say nothing here? */
function checkSense(name: string, { about, needs }: Keyword, schema: object, place: readonly string[]): void {
  const { type } = schema as { type?: string | readonly string[] }
  const types = [type ?? about ?? []].flat()
  if (about && !about.some(each => types.includes(each))) {
    refuse(place, `${name} says nothing about the type ${type}`)
  }
  if (needs && !(needs in schema)) refuse(place, `${name} says nothing without ${needs}`)
}

type Check = (content: unknown, place: readonly string[]) => unknown

const contents: Record<Content, Check> = {
  schema: plain,
  schemas: (content, place) =>
    Array.isArray(content) && content.length > 0
      ? content.map((each, position) => plain(each, [...place, String(position)]))
      : refuse(place, 'must be a list of schemas'),
  schemaMap(content, place) {
    const copied: Record<string, PlainSchema> = {}
    for (const [name, each] of Object.entries(plainObject(content, place))) {
      if (place.at(-1) === 'patternProperties') pattern(name, place)
      copied[name] = plain(each, [...place, name])
    }
    return copied
  },
  number: (content, place) => (Number.isFinite(content) ? content : refuse(place, 'must be a number')),
  positive: (content, place) =>
    Number.isFinite(content) && (content as number) > 0 ? content : refuse(place, 'must be a number above 0'),
  count: (content, place) =>
    Number.isSafeInteger(content) && (content as number) >= 0 ? content : refuse(place, 'must be an integer from 0 on'),
  string: text,
  name: text,
  reference: text,
  flag: (content, place) => (typeof content === 'boolean' ? content : refuse(place, 'must be true or false')),
  pattern,
  format: (content, place) =>
    formats.has(content as string) ? content : refuse(place, `there is no format ${quote(content)}`),
  names,
  nameMap(content, place) {
    const copied: Record<string, unknown> = {}
    for (const [name, each] of Object.entries(plainObject(content, place))) copied[name] = names(each, [...place, name])
    return copied
  },
  list: (content, place) =>
    Array.isArray(content) && content.length > 0 ? data(content, place) : refuse(place, 'must be a list of values'),
  types: (content, place) => {
    const types: unknown[] = Array.isArray(content) ? content : [content]
    const unknown = types.find(type => !typeNames.has(type as string))
    if (types.length === 0 || unknown !== undefined) refuse(place, `there is no type ${quote(unknown)}`)
    return Array.isArray(content) ? [...content] : content
  },
  anything: data,
}

function pattern(content: unknown, place: readonly string[]): unknown {
  try {
    linear(text(content, place) as string)
    return content
  } catch (error) {
    return refuse(place, (error as Error).message)
  }
}

function text(content: unknown, place: readonly string[]): unknown {
  return typeof content === 'string' ? content : refuse(place, 'must be a string')
}

function names(content: unknown, place: readonly string[]): unknown {
  const sound = Array.isArray(content) && content.every(name => typeof name === 'string' && name !== '__proto__')
  return sound ? [...content] : refuse(place, 'must be a list of names')
}

function data(content: unknown, place: readonly string[]): unknown {
  try {
    return checkedCopy({ content }).content
  } catch (error) {
    return refuse(place, (error as Error).message)
  }
}

/** An object literal, and nothing that came in by `__proto__`, which validators silently do not see. */
export function plainObject(value: unknown, place: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(place, `must be an object, not ${describe(value)}`)
  }
  const prototype = Object.getPrototypeOf(value)
  if ((prototype !== Object.prototype && prototype !== null) || Object.hasOwn(value, '__proto__')) {
    refuse(place, 'must be a plain object, and __proto__ cannot be the name of a property')
  }
  return value as Readonly<Record<string, unknown>>
}

/** Throws the `TypeError` of a definition that is wrong. */
export function refuse(place: readonly string[], problem: string): never {
  throw new TypeError(`${['definition', ...place].join('.')}: ${problem}`)
}

const quote = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : describe(value))
