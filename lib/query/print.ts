import { StoreError } from '../errors.js'
import { describe } from '../value.js'
import { auto } from './convert.js'
import { type Expression, isExpression } from './expression.js'
import { Glob } from './glob.js'
import { operatorOf, type Slot, slotAt } from './table.js'

/**
 * A checked tree as RQL text, in call form, that `parse` reads back as the same tree, with an `and` at the top. Every
 * character that could be syntax is encoded, so it can stand in a URL. A plain object among the values is a `DataError`.
 */
export function print({ name, args }: Expression): string {
  const [only] = args
  // a single `and` must be told from the `and` at the top, which is not written
  const written = name !== 'and' || (args.length === 1 && (only as Expression).name === 'and')
  return written ? call({ name, args }) : args.map(term => call(term as Expression)).join('&')
}

function call({ name, args }: Expression): string {
  const operator = operatorOf(name)
  return `${name}(${args.map((each, position) => argument(slotAt(operator, position, args.length), each)).join(',')})`
}

function argument(slot: Slot, given: unknown): string {
  if (isExpression(given)) return call(given)
  switch (slot) {
    case 'path':
    case 'column':
      return path(given as string | readonly string[])
    case 'key':
      return key(given as string | readonly string[])
    case 'count':
      return String(given)
    default:
      return value(given)
  }
}

function path(given: string | readonly string[]): string {
  if (typeof given !== 'string') return given.map(encode).join('/')
  // without a converter nothing would stand there, and be no argument
  return given === '' ? 'string:' : encode(given)
}

/** The sign stands raw before the name. */
function key(given: string | readonly string[]): string {
  const text = typeof given === 'string' ? encode(given) : path(given)
  return text.startsWith('%2B') ? `+${text.slice(3)}` : text
}

function value(given: unknown): string {
  switch (typeof given) {
    case 'string':
      return string(given)
    case 'bigint':
      return `bigint:${given}`
    case 'object':
      return given === null ? 'null' : object(given)
    default:
      return String(given)
  }
}

function string(given: string): string {
  const text = encode(given)
  return given === '' || auto(text) !== given ? `string:${text}` : text
}

function object(given: object): string {
  if (Array.isArray(given)) return `(${given.map(value).join(',')})`
  if (given instanceof Date) return date(given)
  if (given instanceof Uint8Array) return `bytes:${base64url(given)}`
  if (given instanceof Glob) return `glob:${encode(given.pattern)}`
  throw new StoreError('DataError', `${describe(given)} among the values of a query cannot be written as RQL`)
}

function date(given: Date): string {
  const text = given.toISOString()
  return text.length === 24 ? text : `epoch:${given.getTime()}`
}

function base64url(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Everything but letters, digits and `- _ . ! ~ * '` as %xx. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('(', '%28').replaceAll(')', '%29')
}
