/** What a text or a number stands for in the types of a schema, if it is exact. */
import { fromBase64, toBase64 } from '../../../lib/json.js'
import { rank } from '../../../lib/order.js'
import type { Data } from '../../../lib/store.js'
import { equal } from '../../../lib/value.js'
import type { TypeName } from '../../schema/keywords.js'

/** Does a schema take values of this type? */
export function takes(schema: unknown, value: unknown): boolean {
  const type = typeof schema === 'object' && schema !== null ? (schema as Data).type : undefined
  return type === undefined || isOneOf([type].flat() as TypeName[], value)
}

const kinds = ['null', 'boolean', 'number', 'date', 'string', 'bytes', 'array', 'object'] as const

function isOneOf(types: readonly TypeName[], value: unknown): boolean {
  const kind = typeof value === 'bigint' ? 'bigint' : (kinds[rank(value)] as TypeName)
  return types.includes(kind) || (types.includes('integer') && Number.isInteger(value))
}

/** Converts text or a number to one of the types, where only one way leads there. */
export function toOneOf(types: readonly TypeName[]): (value: unknown) => unknown {
  const ways = types.flatMap(type => conversions[type] ?? [])
  return value => {
    if ((typeof value !== 'string' && typeof value !== 'number') || isOneOf(types, value)) return value
    const made = ways.map(way => way(value)).filter(converted => converted !== undefined)
    return onlyOne(made, value)
  }
}

/** Where values can be understood in two ways, they are left as they are. */
export function onlyOne(made: readonly unknown[], otherwise: unknown): unknown {
  const [first, ...others] = made
  return made.length > 0 && others.every(other => equal(other, first)) ? first : otherwise
}

/** What a text or a number stands for in a type; `undefined` where that is not exact. */
const conversions: Partial<Record<TypeName, (value: string | number) => unknown>> = {
  number: toNumber,
  integer: value => (Number.isInteger(Number(value)) ? toNumber(value) : undefined),
  string: value => (typeof value === 'number' ? String(value) : undefined),
  boolean: value => (value === 'true' ? true : value === 'false' ? false : undefined),
  bigint: value => (typeof value === 'string' && /^(?:0|-?[1-9]\d{0,999})$/.test(value) ? BigInt(value) : undefined),
  bytes: toBytes,
  date: toDate,
}

function toNumber(value: string | number): number | undefined {
  const number = Number(value)
  return Number.isFinite(number) && String(number) === value ? number : undefined
}

function toBytes(value: string | number): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined
  const bytes = fromBase64(value)
  return toBase64(bytes) === value ? bytes : undefined
}

const iso =
  /^(\d{4}-\d\d-\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/

/** ISO 8601: a day, or a time that says its zone, to the millisecond. */
function toDate(value: string | number): Date | undefined {
  const day = iso.exec(String(value))?.[1]
  if (day === undefined) return undefined
  // JavaScript takes a 30th of February for a 1st of March
  const midnight = new Date(day)
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date
}
