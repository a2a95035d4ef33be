/** Text, as forms and URLs have it, in the types that a definition declares: only where nothing is lost and nothing guessed. */
import { rank } from '../../lib/order.js'
import type { Data } from '../../lib/store.js'
import type { TypeName } from '../schema/keywords.js'
import type { PlainObjectSchema } from '../schema/plain.js'
import { at } from '../schema/references.js'
import { onlyOne, takes, toOneOf } from './coerce/conversions.js'
import { define } from './instance.js'
import { own } from './view.js'

/** Gives the object itself where there is nothing to convert, else a changed copy. */
export type Coerce = (data: Data) => Data

type Convert = (value: unknown) => unknown

/** Makes the conversion by the types of a checked schema. What cannot be converted stays, to be refused by the schema. */
export function coercer(root: PlainObjectSchema): Coerce {
  const known = new Map<string, Convert>()

  function convertBy(schema: unknown): Convert {
    if (typeof schema !== 'object' || schema === null) return same
    const { $ref, type, allOf, anyOf, oneOf } = schema as Data
    const steps = [
      ...(typeof $ref === 'string' ? [referred($ref)] : []),
      ...(type === undefined ? [] : [toOneOf([type].flat() as TypeName[])]),
      ...((allOf as unknown[] | undefined) ?? []).map(convertBy),
      ...[anyOf, oneOf].filter(Array.isArray).map(choice),
      ...inObjects(schema as Data),
      ...inArrays(schema as Data),
    ].filter(step => step !== same)
    if (steps.length <= 1) return steps[0] ?? same
    return value => steps.reduce((converted, step) => step(converted), value)
  }

  /** Schemas may refer to what they stand in: what a reference leads to is looked up when it is needed. */
  function referred(reference: string): Convert {
    return value => {
      let convert = known.get(reference)
      if (!convert) {
        convert = convertBy(at(root, decodeURIComponent(reference.slice(1))))
        known.set(reference, convert)
      }
      return convert(value)
    }
  }

  /** By the one branch that takes the value as it is, or, if none does, the one that can take it converted. */
  function choice(branches: readonly unknown[]): Convert {
    const converts = branches.map(convertBy)
    if (converts.every(convert => convert === same)) return same
    return value => {
      const taking = converts.filter((_, position) => takes(branches[position], value))
      if (taking.length > 0) return taking.length === 1 ? (taking[0] as Convert)(value) : value
      return onlyOne(
        converts.map(convert => convert(value)).filter(converted => converted !== value),
        value,
      )
    }
  }

  function inObjects({ properties = {}, patternProperties = {}, additionalProperties }: Data): Convert[] {
    const byName = Object.entries(properties as Data).map(([name, schema]) => [name, convertBy(schema)] as const)
    const byPattern = Object.entries(patternProperties as Data).map(
      ([pattern, schema]) => [new RegExp(pattern, 'u'), convertBy(schema)] as const,
    )
    const others = convertBy(additionalProperties)
    if ([...byName, ...byPattern].every(([, convert]) => convert === same) && others === same) return []
    const named = new Map(byName)
    const convertOf = (name: string): Convert => {
      const fitting = byPattern.filter(([pattern]) => pattern.test(name)).map(([, convert]) => convert)
      const own = named.get(name)
      if (own) fitting.unshift(own)
      if (fitting.length === 0) return others
      return value => fitting.reduce((converted, convert) => convert(converted), value)
    }
    return [value => (rank(value) === 7 ? mapObject(value as Data, convertOf) : value)]
  }

  function inArrays({ prefixItems = [], items }: Data): Convert[] {
    const first = (prefixItems as unknown[]).map(convertBy)
    const others = convertBy(items)
    if (first.every(convert => convert === same) && others === same) return []
    return [value => (Array.isArray(value) ? mapArray(value, position => first[position] ?? others) : value)]
  }

  return convertBy(root) as Coerce
}

const same: Convert = value => value

function mapObject(object: Data, convertOf: (name: string) => Convert): Data {
  let changed: Data | undefined
  for (const name of Object.keys(object)) {
    const value = own(object, name)
    const converted = convertOf(name)(value)
    if (converted !== value) {
      changed ??= { ...object }
      define(changed, name, converted)
    }
  }
  return changed ?? object
}

function mapArray(items: readonly unknown[], convertAt: (position: number) => Convert): readonly unknown[] {
  const converted = items.map((item, position) => convertAt(position)(item))
  return converted.some((item, position) => item !== items[position]) ? converted : items
}
