import { parse, stringify } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import type { Version, Versions } from './versions.js'

/**
 * Makes one of two objects that were written without knowledge of each other; `undefined` is a delete, and `b` was written
 * later, as far as clocks tell. It must give the same for the same on every node.
 */
export type Resolve<T extends object, K extends Id> = (a: T | undefined, b: T | undefined, id: K) => T | undefined

/** What users see of an object. */
export interface Shown {
  /** The object in extended JSON; `undefined` if it is deleted. */
  readonly text: string | undefined
  /** The versions that it stands for: who writes over it replaces them. */
  readonly versions: readonly Version[]
}

/** The winner, or what `conflict` makes of all that are in conflict. */
export function shown<T extends object, K extends Id>(
  { heads }: Versions,
  id: K,
  conflict: Resolve<T, K> | undefined,
): Shown {
  if (!conflict || heads.length < 2) return { text: heads[0]?.text, versions: heads.slice(0, 1) }
  const objects = heads.map(({ text }) => objectOf<T>(text))
  const made = objects.reduceRight((a, b) => conflict(a, b, id))
  return { text: textOf(made), versions: heads }
}

export function objectOf<T extends object>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (parse(text) as T)
}

export function textOf(object: object | undefined): string | undefined {
  return object && stringify(object)
}
