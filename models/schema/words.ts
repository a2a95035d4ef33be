/** What a schema wants and what was found, in words. */
import { formats } from './formats.js'
import type { PlainObjectSchema, PlainSchema } from './plain.js'

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

/** The longest value that is shown. */
const maxShown = 40
/** The most values that are listed. */
const maxListed = 8

/** What was found: a short primitive as it is, anything else by its type. */
export function found(value: unknown): string {
  return literal(value) ?? (typeof value === 'string' ? `a string of ${value.length} characters` : kindOf(value))
}

/** A short primitive, as it is written in a program. */
export function literal(value: unknown): string | undefined {
  if (typeof value === 'string') return value.length <= maxShown ? `'${escaped(value)}'` : undefined
  if (typeof value === 'object' && value !== null) return undefined
  const text = typeof value === 'bigint' ? `${value}n` : String(value)
  return text.length <= maxShown ? text : undefined
}

/** On one line. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${amount(value.length, 'item')}`
  if (value instanceof Date) return 'a Date'
  if (value instanceof Uint8Array) return 'a Uint8Array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A list in words; `undefined` if it is long, or something in it cannot be shown. */
export function oneOf(values: readonly unknown[]): string | undefined {
  const shown = values.map(literal)
  if (values.length > maxListed || shown.includes(undefined)) return undefined
  return values.length === 1 ? shown[0] : `one of ${either(shown as string[])}`
}

export function either(words: readonly string[]): string {
  const all = [...new Set(words)]
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`
}

export const amount = (count: unknown, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`

/** What the schema wants of a single value, in words: as much as fits in a few of them. */
export function wanted(schema: PlainSchema): string {
  if (typeof schema === 'boolean') return schema ? 'anything' : 'nothing'
  if (schema.const !== undefined || Object.hasOwn(schema, 'const')) return literal(schema.const) ?? 'one certain value'
  if (Array.isArray(schema.enum)) return oneOf(schema.enum) ?? `one of ${schema.enum.length} values`
  const alternatives = (schema.anyOf ?? schema.oneOf) as readonly PlainSchema[] | undefined
  if (schema.type === undefined && alternatives && alternatives.length <= maxListed)
    return either(alternatives.map(wanted))
  return [typesWanted(schema), ...limits(schema)].join(' ')
}

function typesWanted({ type, format, ...rest }: PlainObjectSchema): string {
  const { type: of, max } = formats.get(format as string) ?? {}
  if (of === 'string') return `a valid ${format}${max === Infinity ? '' : ` of at most ${max} characters`}`
  if (type !== undefined) return either([type].flat().map(each => typeWords[each as string] ?? String(each)))
  const about = Object.keys(rest).map(name => spokenOf[name])
  return about.find(each => each !== undefined) ?? 'a valid value'
}

/** What a keyword speaks about where no type is given. */
const spokenOf: Readonly<Record<string, string>> = {
  ...named('a number', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'),
  ...named('a string', 'minLength', 'maxLength', 'pattern'),
  ...named('an array', 'minItems', 'maxItems', 'items', 'contains', 'uniqueItems', 'prefixItems'),
  ...named('an object', 'properties', 'required', 'minProperties', 'maxProperties', 'additionalProperties'),
}

function named(words: string, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, words]))
}

function limits(schema: PlainObjectSchema): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, pattern } = schema
  const bounds = [
    ...(minimum !== undefined ? [`of at least ${minimum}`] : []),
    ...(exclusiveMinimum !== undefined ? [`greater than ${exclusiveMinimum}`] : []),
    ...(maximum !== undefined ? [`${minimum === undefined ? 'of ' : ''}at most ${maximum}`] : []),
    ...(exclusiveMaximum !== undefined ? [`less than ${exclusiveMaximum}`] : []),
  ]
  return [
    ...(bounds.length > 0 ? [bounds.join(' and ')] : []),
    ...(multipleOf !== undefined ? [`that is a multiple of ${multipleOf}`] : []),
    ...counted(schema.minLength, schema.maxLength, 'character'),
    ...(pattern !== undefined ? [`that matches ${shortened(pattern)}`] : []),
    ...counted(schema.minItems, schema.maxItems, 'item'),
    ...counted(schema.minProperties, schema.maxProperties, 'property'),
  ]
}

const shortened = (pattern: unknown) => (String(pattern).length <= 80 ? `/${pattern}/` : 'a pattern')

function counted(min: unknown, max: unknown, thing: string): string[] {
  const things = (count: unknown) => amount(count, thing).replace(/ys$/, 'ies')
  if (min === undefined && max === undefined) return []
  if (min === max) return [`of ${things(min)}`]
  if (max === undefined) return [`of at least ${things(min)}`]
  return min === undefined ? [`of at most ${things(max)}`] : [`of ${min} to ${things(max)}`]
}

/** Of a short list the text that was probably meant. */
export function meant(given: unknown, candidates: readonly unknown[]): string {
  if (typeof given !== 'string' || given.length > maxShown || candidates.length > 100) return ''
  const near = candidates
    .filter(each => typeof each === 'string' && each.length <= maxShown)
    .map(each => ({ each: each as string, far: distance(given.toLowerCase(), (each as string).toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  // a third of the letters may be wrong
  const close = near && near.far > 0 && near.far <= Math.max(1, near.each.length / 3) && near.far < given.length
  return close ? `: did you mean '${escaped(near.each)}'?` : ''
}

/** How many letters must be put in, left out, replaced or swapped (Damerau 1964). */
function distance(a: string, b: string): number {
  let last: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (last[j - 2] as number) + 1 : Infinity
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + same, swapped)
    }
    last = row
    row = next
  }
  return row[b.length] as number
}
