/** Gathers what is to be known of values. */
import { rank } from '../../lib/order.js'
import { keyOf } from '../../lib/query/key.js'
import { formatsOf } from './formats.js'
import { gather } from './merge.js'
import { type Budget, countOf, type Distinct, type Kind, limits, type Profile, profile } from './profile.js'

const kindsByRank = ['null', 'boolean', 'number', 'date', 'string', 'bytes', 'array', 'object'] as const

function kindOf(value: unknown): Kind {
  if (typeof value === 'bigint') return 'bigint'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return kindsByRank[rank(value)] as Kind
}

/** Takes a value in. `depth` is that of the place; in the outermost objects it is kept in mind which values differ. */
export function take(into: Profile, value: unknown, budget: Budget, depth = 0): void {
  const kind = kindOf(value)
  into.count++
  into.kinds.set(kind, (into.kinds.get(kind) ?? 0) + 1)
  if (kind === 'string') takeString(into, value as string)
  if (into.distinct) takeKey(into.distinct, value, kind, budget)
  if (kind !== 'array' && kind !== 'object') return
  if (depth >= limits.depth || (budget.places <= 0 && depth > 0)) {
    into.opaque = true
  } else if (kind === 'array') {
    into.items ??= profile(budget)
    for (const item of value as unknown[]) take(into.items, item, budget, depth + 1)
  } else {
    takeObject(into, value as object, budget, depth)
  }
}

function takeString(into: Profile, value: string): void {
  into.formats = formatsOf(value, into.formats)
  const { strings } = into
  if (!strings) return
  if (value.length > limits.length) into.strings = undefined
  else strings.set(value, (strings.get(value) ?? 0) + 1)
  if (strings.size > limits.strings) into.strings = undefined
}

function takeKey(distinct: Distinct, value: unknown, kind: Kind, budget: Budget): void {
  if (distinct.full || kind === 'null') return
  if (kind === 'array' || kind === 'object' || kind === 'bytes' || budget.keys <= 0) {
    distinct.full = true
    budget.keys += distinct.keys.size
    distinct.keys.clear()
    return
  }
  const key = keyOf(value)
  if (distinct.keys.has(key)) distinct.repeated = true
  else if (!distinct.repeated || distinct.keys.size < maxRepeated) {
    distinct.keys.add(key)
    budget.keys--
  }
}

/** Of values that are there twice, it is enough to know that they are many. */
const maxRepeated = 1000

function takeObject(into: Profile, object: object, budget: Budget, depth: number): void {
  const since = countOf(into, 'object') - 1
  for (const [name, value] of Object.entries(object)) {
    if (name === '__proto__') into.odd = true
    else take(placeOf(into, name, since, budget, depth), value, budget, depth + 1)
  }
  if (!into.values && into.properties.size > limits.names) {
    gather(into, ({ profile }) => 2 * profile.count < since, budget)
  }
}

function placeOf(into: Profile, name: string, since: number, budget: Budget, depth: number): Profile {
  const known = into.properties.get(name)?.profile ?? into.values
  if (known) return known
  const made = profile(budget, depth === 0)
  into.properties.set(name, { profile: made, since })
  return made
}
