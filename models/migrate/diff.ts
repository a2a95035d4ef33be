/** What a migration changes in an object. */
import { equal } from '../../lib/value.js'

export type Kind = 'added' | 'removed' | 'changed'

/** A property that is there only after, only before, or is another. */
export interface Difference {
  /** The names on the way to it. */
  readonly path: readonly string[]
  readonly kind: Kind
  readonly previous?: unknown
  readonly next?: unknown
}

type Properties = Readonly<Record<string, unknown>>

/** The differences of two objects, in objects nested in them too; arrays are compared as wholes. */
export function difference(previous: Properties, next: Properties, path: readonly string[] = []): Difference[] {
  const found: Difference[] = []
  for (const [name, before] of Object.entries(previous)) {
    const own = [...path, name]
    if (!Object.hasOwn(next, name)) found.push({ path: own, kind: 'removed', previous: before })
    else if (isObject(before) && isObject(next[name])) found.push(...difference(before, next[name], own))
    else if (!equal(before, next[name])) found.push({ path: own, kind: 'changed', previous: before, next: next[name] })
  }
  for (const [name, after] of Object.entries(next)) {
    if (!Object.hasOwn(previous, name)) found.push({ path: [...path, name], kind: 'added', next: after })
  }
  return found
}

function isObject(value: unknown): value is Properties {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
