/** Values as JSON: extended, exactly what they are; or plain, for strangers, where dates, bigints and bytes are text. */
import { StoreError } from '../../lib/errors.js'
import { decode, encode, toBase64 } from '../../lib/json.js'
import { measure } from '../limits/measure.js'
import type { Limits } from '../limits.js'

/** The text of a value of the domain. */
export function textOf(value: unknown, exact: boolean): string {
  const encoded = encode(value)
  return JSON.stringify(exact || encoded === value ? encoded : plain(value))
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return toBase64(value)
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The text of a body; a `DataError` if it is not UTF-8. */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new StoreError('DataError', 'the body is not UTF-8')
  }
}

/** The value of a JSON text, within the limits. */
export function parsed(text: string, exact: boolean, limits: Limits): unknown {
  measure(text, limits)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new StoreError('DataError', 'the body is not JSON')
  }
  return exact ? decode(value) : value
}
