/** Takes several places for one: of a map, each name leads to a value of the same kind. */
import { type Budget, countOf, limits, type Named, type Profile, profile } from './profile.js'

/** Takes some of the properties for one, and forgets their names, as those of all that are to come. */
export function gather(into: Profile, which: (named: Named, name: string) => boolean, budget: Budget): void {
  into.values ??= profile(budget)
  for (const [name, named] of into.properties) {
    if (!which(named, name)) continue
    into.properties.delete(name)
    merge(into.values, named.profile, budget)
  }
}

/** Adds to what is known of one place what is known of another. */
function merge(one: Profile, other: Profile, budget: Budget): void {
  if (one.formats === undefined) one.formats = other.formats
  else if (other.formats) one.formats = new Set([...one.formats].filter(name => other.formats?.has(name)))
  one.strings = one.strings && other.strings && joined(one.strings, other.strings)
  const objects = countOf(one, 'object') > 0 && countOf(other, 'object') > 0
  for (const [kind, count] of other.kinds) one.kinds.set(kind, countOf(one, kind) + count)
  one.count += other.count
  one.opaque ||= other.opaque
  one.odd ||= other.odd
  if (other.items) {
    if (one.items) merge(one.items, other.items, budget)
    else one.items = other.items
  }
  if (other.distinct) budget.keys += other.distinct.keys.size
  mergeProperties(one, other, objects, budget)
}

function joined(one: Map<string, number>, other: ReadonlyMap<string, number>): Map<string, number> | undefined {
  for (const [value, count] of other) one.set(value, (one.get(value) ?? 0) + count)
  return one.size > limits.strings ? undefined : one
}

function mergeProperties(one: Profile, other: Profile, objects: boolean, budget: Budget): void {
  // in which order they came can no longer be said
  const since = Number.MAX_SAFE_INTEGER
  const both = new Set([...one.properties.keys()].filter(name => other.properties.has(name)))
  for (const [name, { profile }] of other.properties) {
    const known = one.properties.get(name)?.profile
    if (known) merge(known, profile, budget)
    else one.properties.set(name, { profile, since })
  }
  if (objects) for (const [name, { profile }] of one.properties) one.properties.set(name, { profile, since })
  if (other.values) {
    if (one.values) merge(one.values, other.values, budget)
    else one.values = other.values
  }
  // a name that one of the two has forgotten must be forgotten by both
  if (one.values && objects) gather(one, (_, name) => !both.has(name), budget)
  else if (one.properties.size > limits.names)
    gather(one, ({ profile }) => 2 * profile.count < countOf(one, 'object'), budget)
}
