/** References within a definition. Each must lead somewhere, and becomes a JSON pointer (RFC 6901) from the root. */
import { keywords } from './keywords.js'
import { type PlainObjectSchema, type PlainSchema, refuse } from './plain.js'

/** What stands for the name of a definition that has none. */
const nameless = 'definition://nameless/'

interface Places {
  /** Where the schemas with a name of their own are, by that: the pointer to each. */
  readonly resources: Map<string, string>
  /** The same by resource and anchor. */
  readonly anchors: Map<string, string>
  /** How many places have a dynamic anchor of this name. */
  readonly dynamic: Map<string, number>
}

/** The schema with all its references as pointers and without the names they went by. A `TypeError` for one that leads nowhere. */
export function resolveReferences(root: PlainObjectSchema): PlainObjectSchema {
  const places: Places = { resources: new Map([[nameless, '']]), anchors: new Map(), dynamic: new Map() }
  register(root, '', nameless, places)
  return rewrite(root, [], nameless, places, root) as PlainObjectSchema
}

function register(schema: PlainSchema, pointer: string, around: string, places: Places): void {
  if (typeof schema === 'boolean') return
  const { $anchor, $dynamicAnchor } = schema
  const base = baseOf(schema, around, pointer.split('/').slice(1))
  if (base !== around) places.resources.set(base, pointer)
  for (const anchor of [$anchor, $dynamicAnchor]) {
    if (anchor !== undefined) places.anchors.set(`${base}#${anchor}`, pointer)
  }
  if ($dynamicAnchor !== undefined) {
    places.dynamic.set(String($dynamicAnchor), (places.dynamic.get(String($dynamicAnchor)) ?? 0) + 1)
  }
  for (const [steps, each] of schemasIn(schema)) {
    register(each, `${pointer}${steps.map(step => `/${escaped(step)}`).join('')}`, base, places)
  }
}

/** The name that references inside go out from. */
function baseOf({ $id }: PlainObjectSchema, around: string, place: readonly string[]): string {
  if ($id === undefined) return around
  const name = URL.parse(String($id), around)
  if (name?.hash !== '') return refuse([...place, '$id'], 'must be a URI without a fragment')
  return name.href.replace(/#$/, '')
}

/** The schemas right inside a schema, with the steps to each. */
export function* schemasIn(schema: PlainObjectSchema): Generator<[steps: string[], schema: PlainSchema]> {
  for (const [name, content] of Object.entries(schema)) {
    const kind = keywords.get(name)?.content
    if (kind === 'schema') yield [[name], content as PlainSchema]
    if (kind !== 'schemas' && kind !== 'schemaMap') continue
    for (const [key, each] of Object.entries(content as object)) yield [[name, key], each]
  }
}

function rewrite(
  schema: PlainSchema,
  place: readonly string[],
  around: string,
  places: Places,
  root: PlainObjectSchema,
): PlainSchema {
  if (typeof schema === 'boolean') return schema
  const base = baseOf(schema, around, place)
  const inside = (each: PlainSchema, ...steps: string[]) => rewrite(each, [...place, ...steps], base, places, root)
  const made: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(schema)) {
    const kind = keywords.get(name)?.content
    if (kind === 'name') continue
    if (kind === 'schema') made[name] = inside(content as PlainSchema, name)
    else if (kind === 'schemas') {
      made[name] = (content as PlainSchema[]).map((each, position) => inside(each, name, String(position)))
    } else if (kind === 'schemaMap') {
      const entries = Object.entries(content as Record<string, PlainSchema>)
      made[name] = Object.fromEntries(entries.map(([key, each]) => [key, inside(each, name, key)]))
    } else if (kind !== 'reference') made[name] = content
  }
  const { $ref, $dynamicRef } = schema
  const references = [$ref, dynamic($dynamicRef, place, places)].filter(each => each !== undefined)
  const [only, other] = references.map(each => ({ $ref: pointerOf(String(each), base, place, places, root) }))
  if (other) made.allOf = [...((made.allOf as PlainSchema[] | undefined) ?? []), other]
  return { ...made, ...only }
}

/** As long as there is one place to lead to, a dynamic reference leads there, whoever refers. */
function dynamic(reference: unknown, place: readonly string[], { dynamic }: Places): unknown {
  if (reference === undefined) return undefined
  const anchor = String(reference).split('#')[1] ?? ''
  if ((dynamic.get(anchor) ?? 0) > 1) {
    refuse([...place, '$dynamicRef'], `${reference} has several places to lead to, which is not supported`)
  }
  return reference
}

function pointerOf(
  reference: string,
  base: string,
  place: readonly string[],
  { resources, anchors }: Places,
  root: PlainObjectSchema,
): string {
  const [resource = '', fragment = ''] = (URL.parse(reference, base)?.href ?? '').split('#')
  const start = resources.get(resource)
  const named = fragment === '' || fragment.startsWith('/')
  const pointer = named
    ? start !== undefined && start + decodeURIComponent(fragment)
    : anchors.get(`${resource}#${fragment}`)
  if (typeof pointer === 'string' && isSchema(at(root, pointer))) {
    return `#${pointer.split('/').map(encodeURIComponent).join('/').replaceAll('%24', '$')}`
  }
  const hint = start === undefined ? ': it must refer to a place in the same definition, as #/$defs/name does' : ''
  return refuse([...place, '$ref'], `${reference} leads nowhere${hint}`)
}

/** What a pointer leads to. */
export function at(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((found, step) => {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
      const inside = typeof found === 'object' && found !== null && Object.hasOwn(found, name)
      return inside ? (found as Record<string, unknown>)[name] : undefined
    }, root)
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
const isSchema = (value: unknown) => typeof value === 'boolean' || (typeof value === 'object' && value !== null)
