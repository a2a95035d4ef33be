import { StoreError } from '../errors.js'
import { glob } from './glob.js'

/** The value that a piece of RQL text stands for: `converter:text`, or what the text looks like, which `plain` says. */
export function convert(text: string, plain: (text: string) => unknown = auto): unknown {
  const colon = text.indexOf(':')
  // only a word makes a converter of what stands before a colon, so 10:30 and 2000-01-01T00:00:00Z need no quoting
  if (colon < 1 || !word.test(text.slice(0, colon))) return plain(text)
  const name = text.slice(0, colon)
  const converter = converters.get(name)
  if (converter) return converter(text.slice(colon + 1))
  return fail(`there is no converter ${JSON.stringify(name.slice(0, 64))}; a colon that is a character is %3A`)
}

const word = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Text with its %xx taken back. */
export function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new StoreError('DataError', 'the percent-encoding is malformed', { cause })
  }
}

const converters: ReadonlyMap<string, (text: string) => unknown> = new Map(
  Object.entries({
    auto,
    string: decode,
    number: toNumber,
    boolean: toBoolean,
    bigint: toBigInt,
    bytes: toBytes,
    epoch: toEpoch,
    date: toDate,
    isodate: toDate,
    glob: (text: string) => glob(decode(text)),
    re: refuse,
    RE: refuse,
  }),
)

/**
 * `true false null undefined`, numbers as JavaScript prints them, ISO 8601 in UTC; all else is text, as it is.
 * What is encoded is text, but for the colons of a date.
 */
export function auto(text: string): unknown {
  switch (text) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
    case 'undefined':
      return null
  }
  const first = text.charCodeAt(0)
  const numeric = (first >= 48 && first <= 57) || first === 45
  if (!numeric) return decode(text)
  if (text.length <= longestNumber && canonical(text)) return Number(text)
  const decoded = decode(text)
  return instant(decoded) ?? decoded
}

const longestNumber = 25
const canonical = (text: string) => String(Number(text)) === text && Number.isFinite(Number(text))

const utc = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/

function instant(text: string): Date | undefined {
  const [, seconds, fraction = ''] = text.length > 64 ? [] : (utc.exec(text) ?? [])
  return seconds === undefined ? undefined : dateOf(seconds, fraction)
}

/** The date of `YYYY-MM-DDTHH:mm:ss` in UTC, if there is one: JavaScript takes a 30th of February for a 1st of March. */
function dateOf(seconds: string, fraction: string): Date | undefined {
  const date = new Date(`${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(seconds) ? date : undefined
}

function toNumber(text: string): number {
  const decoded = decode(text)
  const number = Number(decoded)
  return decoded.trim() !== '' && Number.isFinite(number) ? number : fail('that is not a finite number')
}

function toBoolean(text: string): boolean {
  return text === 'true' || (text === 'false' ? false : fail('a boolean is true or false'))
}

function toBigInt(text: string): bigint {
  return /^-?\d+$/.test(text) ? BigInt(text) : fail('a bigint is decimal digits')
}

/** Base64, in either alphabet, padded or not. */
function toBytes(text: string): Uint8Array {
  const base64 = decode(text).replaceAll('-', '+').replaceAll('_', '/')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return fail('bytes are base64')
  try {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  } catch (cause) {
    throw new StoreError('DataError', 'bytes are base64', { cause })
  }
}

function toEpoch(text: string): Date {
  const date = new Date(/^-?\d+$/.test(text) ? Number(text) : Number.NaN)
  return Number.isNaN(date.getTime()) ? fail('an epoch is a number of milliseconds') : date
}

const iso =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?)?)?$/

/** ISO 8601, the missing parts as small as they can be, in UTC unless it says otherwise. */
function toDate(text: string): Date {
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    iso.exec(decode(text)) ?? []
  const date = year && dateOf(`${year}-${month}-${day}T${hour}:${minute}:${second}`, fraction)
  if (!date) return fail('a date is ISO 8601, such as 2000-01-31 or 2000-01-31T23:59:59Z')
  return new Date(date.getTime() - offset(zone))
}

function offset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

function refuse(): never {
  throw new StoreError('NotSupportedError', 'regular expressions are not taken from a query; use glob:')
}

function fail(message: string): never {
  throw new StoreError('DataError', message)
}
