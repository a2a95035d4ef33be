/** What a stranger's JSON says of dates, bigints and bytes, as text, in the types that the schema declares. */
import type { Data } from '../../lib/store.js'
import { toOneOf } from '../../models/model/coerce/conversions.js'
import type { TypeName } from '../../models/schema/keywords.js'
import type { PlainObjectSchema } from '../../models/schema/plain.js'

/** The value with its texts converted, as far as they are exact; what is not stays, to be refused by the model. */
export function typed(value: unknown, schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return value
  const { type, properties, additionalProperties, items } = schema as PlainObjectSchema
  if (typeof value === 'string') return fromText(value, type)
  if (Array.isArray(value)) return items === undefined ? value : value.map(each => typed(each, items))
  if (typeof value !== 'object' || value === null) return value
  if (properties === undefined && additionalProperties === undefined) return value
  const named = (properties ?? {}) as Data
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typed(each, Object.hasOwn(named, name) ? named[name] : additionalProperties),
    ]),
  )
}

/** Types that JSON has not. */
const ours: ReadonlySet<unknown> = new Set(['date', 'bigint', 'bytes'])

function fromText(text: string, type: unknown): unknown {
  const kinds = [type].flat() as TypeName[]
  return kinds.includes('string') ? text : toOneOf(kinds.filter(kind => ours.has(kind)))(text)
}
