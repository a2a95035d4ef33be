/**
 * Extended JSON: what is read back equals what was written, with nothing guessed. Plain JSON is its own encoding;
 * a `Date` is `{"$date": "2026-01-31T12:00:00.000Z"}`, a bigint `{"$bigint": "12"}`, bytes `{"$bytes": "base64"}`.
 * An object of the user's that looks like one of these gets one more `$`.
 */
import { StoreError } from './errors.js'
import { limits } from './value.js'

const mark = /^\$+(?:date|bigint|bytes)$/
const isoDate = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/

/** The text of a value of the domain. */
export function stringify(value: unknown, space?: number): string {
  return JSON.stringify(encode(value), null, space)
}

/** The value of a text. A `DataError` if it is not JSON, or holds an encoding that is none. */
export function parse(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new StoreError('DataError', `not JSON: ${(cause as Error).message}`, { cause })
  }
  return text.includes('$') || text.includes('\\u0024') ? decode(value) : value
}

/** The value as plain JSON data: the value itself, where nothing in it needs an encoding. */
export function encode(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) }
  if (Array.isArray(value)) return encodeArray(value)
  return encodeObject(value as Record<string, unknown>)
}

function encodeArray(value: readonly unknown[]): readonly unknown[] {
  let encoded: unknown[] | undefined
  for (let position = 0; position < value.length; position++) {
    const item = value[position]
    const own = encode(item)
    if (own !== item) {
      encoded ??= value.slice()
      encoded[position] = own
    }
  }
  return encoded ?? value
}

function encodeObject(value: Record<string, unknown>): Record<string, unknown> {
  let encoded: Record<string, unknown> | undefined
  let names = 0
  let last = ''
  for (const name of Object.keys(value)) {
    names++
    last = name
    const item = value[name]
    const own = encode(item)
    if (own !== item) {
      encoded ??= { ...value }
      encoded[name] = own
    }
  }
  if (names === 1 && mark.test(last)) return { [`$${last}`]: (encoded ?? value)[last] }
  return encoded ?? value
}

/** More levels than any object has, with room for lists and changes that hold objects. */
const maxDepth = 2 * limits.depth

/** The value that plain JSON data stands for. Changes the data in place. */
export function decode(data: unknown, depth = 0): unknown {
  if (typeof data !== 'object' || data === null) return data
  if (depth > maxDepth) throw new StoreError('DataError', `the data is nested deeper than ${maxDepth} levels`)
  if (Array.isArray(data)) {
    for (let position = 0; position < data.length; position++) data[position] = decode(data[position], depth + 1)
    return data
  }
  const object = data as Record<string, unknown>
  const names = Object.keys(object)
  const [name] = names
  if (names.length === 1 && name !== undefined && mark.test(name)) return decodeMarked(name, object[name], depth)
  for (const each of names) {
    const item = object[each]
    if (typeof item === 'object' && item !== null) object[each] = decode(item, depth + 1)
  }
  return object
}

function decodeMarked(name: string, content: unknown, depth: number): unknown {
  if (name.startsWith('$$')) return { [name.slice(1)]: decode(content, depth + 1) }
  if (typeof content === 'string') {
    if (name === '$date' && isoDate.test(content)) {
      const date = new Date(content)
      // JavaScript takes a 30th of February for a 1st of March
      if (
        !Number.isNaN(date.getTime()) &&
        date.toISOString().startsWith(content.slice(0, -1).split('.', 1)[0] as string)
      ) {
        return date
      }
    }
    if (name === '$bigint' && /^(?:0|-?[1-9]\d*)$/.test(content)) return BigInt(content)
    if (name === '$bytes') return fromBase64(content)
  }
  throw new StoreError('DataError', `${JSON.stringify(content)?.slice(0, 64)} is not the content of a ${name}`)
}

/** Base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return btoa(binary)
}

export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0))
  } catch (cause) {
    throw new StoreError('DataError', `${JSON.stringify(text.slice(0, 64))} is not base64`, { cause })
  }
}
