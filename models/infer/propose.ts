/** What a schema would say about what was seen in a place: never more, so that all that was seen is valid. */
import { gather } from './merge.js'
import { type Budget, countOf, type Kind, type Profile } from './profile.js'

export type Proposed = boolean | ProposedSchema
export interface ProposedSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly (string | null)[]
  readonly anyOf?: readonly Proposed[]
  readonly items?: Proposed
  readonly properties?: Readonly<Record<string, Proposed>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Proposed
}

/** Why an enumeration is proposed: how often each of its values was there. */
export interface Enumerated {
  readonly path: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

export interface Proposing {
  readonly budget: Budget
  readonly enums: Enumerated[]
}

/** From how many values on something is said about all of them. */
const enough = { format: 3, enumeration: 20, closed: 20, map: 10 } as const
/** The most values of an enumeration, and how often each is there on average at least. */
const enumeration = { values: 12, times: 10 } as const

function propose(place: Profile, path: readonly string[], proposing: Proposing): Proposed {
  const kinds = kindsOf(place)
  const nullable = countOf(place, 'null') > 0
  if (kinds.length === 0) return true
  const nested: readonly Kind[] = kinds.filter(kind => kind === 'object' || kind === 'array')
  if (nested.length === 0) return simple(place, kinds, nullable, path, proposing)
  const own = nested.map(
    (kind): ProposedSchema => (kind === 'object' ? proposeObject : proposeArray)(place, path, proposing),
  )
  const [only] = own
  if (only && kinds.length === 1) return nullable ? { ...only, type: [only.type as string, 'null'] } : only
  const others = [...kinds.filter(kind => !nested.includes(kind)), ...(nullable ? ['null'] : [])]
  return { anyOf: [...(others.length > 0 ? [{ type: typeOf(others) }] : []), ...own] }
}

/** The kinds but null; integers are numbers where there are others. */
function kindsOf({ kinds }: Profile): Kind[] {
  return [...kinds.keys()].filter(kind => kind !== 'null' && !(kind === 'integer' && kinds.has('number')))
}

const typeOf = (types: readonly string[]) => (types.length === 1 ? (types[0] as string) : types)

function simple(
  place: Profile,
  kinds: readonly Kind[],
  nullable: boolean,
  path: readonly string[],
  { enums }: Proposing,
): ProposedSchema {
  const type = typeOf([...kinds, ...(nullable ? ['null'] : [])])
  if (kinds.length > 1 || kinds[0] !== 'string') return { type }
  const count = countOf(place, 'string')
  const [format] = place.formats ?? []
  if (format !== undefined && count >= enough.format) return { type, format }
  const { strings } = place
  const few = strings && strings.size > 1 && strings.size <= enumeration.values
  if (!few || count < Math.max(enough.enumeration, enumeration.times * strings.size)) return { type }
  enums.push({ path, counts: Object.fromEntries([...strings].sort(([, a], [, b]) => b - a)) })
  return { type, enum: [...[...strings.keys()].sort(), ...(nullable ? [null] : [])] }
}

function proposeArray(place: Profile, path: readonly string[], proposing: Proposing): ProposedSchema {
  const items = place.opaque || !place.items ? true : propose(place.items, [...path, '*'], proposing)
  return { type: 'array', ...(items !== true && { items }) }
}

/** The schema of the objects in a place. */
export function proposeObject(place: Profile, path: readonly string[], proposing: Proposing): ProposedSchema {
  if (place.opaque) return { type: 'object' }
  const objects = countOf(place, 'object')
  if (!place.values && isMap(place, objects)) gather(place, ({ profile }) => isRare(profile, objects), proposing.budget)
  const properties: Record<string, Proposed> = {}
  const required: string[] = []
  for (const [name, { profile }] of place.properties) {
    properties[name] = propose(profile, [...path, name], proposing)
    if (profile.count === objects) required.push(name)
  }
  const additional = place.odd ? true : others(place, objects, path, proposing)
  return {
    type: 'object',
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
    ...(additional !== true && { additionalProperties: additional }),
  }
}

/** What a place says of the properties that it does not name. */
function others(place: Profile, objects: number, path: readonly string[], proposing: Proposing): Proposed {
  if (place.values) return propose(place.values, [...path, '*'], proposing)
  const settled = [...place.properties.values()].every(({ since }) => 2 * since <= objects)
  return objects < enough.closed || !settled || place.properties.size === 0
}

const isRare = ({ count }: Profile, objects: number) => 10 * count <= objects

/** Are the names of most properties data, too: rare, and with more objects come more of them? */
function isMap({ properties }: Profile, objects: number): boolean {
  const rare = [...properties.values()].filter(({ profile }) => isRare(profile, objects))
  const late = rare.filter(({ since }) => 2 * since > objects)
  return objects >= enough.map && rare.length >= 12 && 4 * late.length >= rare.length
}
