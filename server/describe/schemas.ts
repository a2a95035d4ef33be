/** The schemas of what is read and written through a facet, as JSON Schema for strangers. */
import type { Data } from '../../lib/store.js'
import type { Served } from '../handler/served.js'

export interface Schemas {
  /** What is seen. */
  readonly read: Data
  /** What a new object may be. */
  readonly create: Data
  /** What an object may be replaced by. */
  readonly replace: Data
  /** What may be changed of one (JSON Merge Patch). */
  readonly patch: Data
}

export function schemasOf({ schema, audit, idProperty }: Served): Schemas {
  const { readable, writable, undeclared } = audit()
  const declared = (schema.properties ?? {}) as Data
  const required = (schema.required ?? []) as readonly string[]
  const definitions = schema.$defs === undefined ? {} : { $defs: translated(schema.$defs) }
  const of = (names: readonly string[]) =>
    Object.fromEntries(names.map(name => [name, Object.hasOwn(declared, name) ? translated(declared[name]) : {}]))
  const object = (names: readonly string[], open: boolean, needed: readonly string[]) => ({
    ...(typeof schema.title === 'string' && { title: schema.title }),
    ...(typeof schema.description === 'string' && { description: schema.description }),
    type: 'object',
    properties: of(names),
    ...(needed.length > 0 && { required: needed }),
    ...(!open && { additionalProperties: false }),
    ...definitions,
  })
  const given = required.filter(name => writable.includes(name) && name !== idProperty)
  return {
    read: object(readable, undeclared.readable, readable.includes(idProperty) ? [idProperty] : []),
    create: object(writable, undeclared.writable, given),
    replace: object(writable, undeclared.writable, given),
    patch: object(writable, undeclared.writable, []),
  }
}

/** Types that JSON has not, as they are written for strangers. */
const texts: { readonly [type: string]: Data } = {
  date: { type: 'string', format: 'date-time' },
  bigint: { type: 'string', pattern: '^-?[0-9]+$' },
  bytes: { type: 'string', contentEncoding: 'base64' },
}

const maps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const values = new Set(['default', 'const', 'enum', 'examples'])

/** References stay within the component: `#/$defs/…` leads elsewhere in a document, so they are left out. */
function translated(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(translated)
  if (typeof schema !== 'object' || schema === null) return schema
  const { type, $ref, $dynamicRef, $id, $anchor, $dynamicAnchor, ...others } = schema as Data
  const own = Object.fromEntries(
    Object.entries(others).map(([name, content]) => [
      name,
      values.has(name)
        ? plain(content)
        : maps.has(name)
          ? Object.fromEntries(Object.entries(content as Data).map(([key, each]) => [key, translated(each)]))
          : translated(content),
    ]),
  )
  return typeof $ref === 'string' ? {} : { ...typed(type), ...own }
}

function typed(type: unknown): Data {
  if (type === undefined) return {}
  if (typeof type === 'string') return texts[type] ?? { type }
  const list = type as readonly string[]
  return list.some(each => texts[each])
    ? { anyOf: list.map(each => texts[each] ?? { type: each }) }
    : { type: [...list] }
}

/** A value as JSON has it. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? 'null')
