/** What a write must leave, keep or carry over of what is stored already, by the rules of the properties. */
import type { Issue } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import type { Rules } from '../schema/rules.js'
import { define } from './instance.js'
import { hides, own, put, see } from './view.js'

/** Do the rules speak about what is stored already? */
export function needsCurrent({ readonly, blocked, setters, computed }: Rules): boolean {
  return readonly.length + blocked.length + setters.size + computed.length > 0
}

/** What was seen of what is stored. */
export function seenOf(current: Data, rules: Rules): Data {
  return hides(rules) ? see(current, rules) : current
}

/** What is blocked cannot be given. */
export function forbidden(candidate: Data, { blocked }: Rules): Issue[] {
  const names = blocked.filter(name => Object.hasOwn(candidate, name))
  return names.map(name => ({ path: [name], keyword: 'blocked', message: 'cannot be written here' }))
}

/** What is read-only and there already cannot be given otherwise. */
export function fixed(candidate: Data, seen: Data, { readonly }: Rules): Issue[] {
  return readonly
    .filter(
      name => Object.hasOwn(seen, name) && !(Object.hasOwn(candidate, name) && equal(candidate[name], seen[name])),
    )
    .map(name => {
      const change = Object.hasOwn(candidate, name) ? 'changed' : 'removed'
      return { path: [name], keyword: 'readonly', message: `is read-only and cannot be ${change}` }
    })
}

/** Makes of what was checked what is stored: setters run where a value is new; what is computed stays as it was. */
export function assemble(
  candidate: Data,
  { setters, computed }: Rules,
  found: readonly Issue[],
  current?: Data,
  seen?: Data,
): Issue[] {
  const issues: Issue[] = []
  const given = { ...candidate }
  for (const [name, set] of setters) {
    if (!Object.hasOwn(given, name) || found.some(({ path }) => path[0] === name)) continue
    if (current && seen && Object.hasOwn(seen, name) && equal(seen[name], given[name])) {
      put(candidate, name, own(current, name))
      continue
    }
    try {
      const value = set.call(given, given[name], own(current, name))
      if (value !== undefined) define(candidate, name, value)
    } catch (error) {
      issues.push({ path: [name], keyword: 'set', message: error instanceof Error ? error.message : String(error) })
    }
  }
  for (const name of computed) put(candidate, name, own(current, name))
  return issues
}
