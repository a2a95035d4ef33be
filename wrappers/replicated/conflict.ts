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
  /** The versions that it stands for: who writes over it replaces them. None if all are refused: then it stays as it was. */
  readonly versions: readonly Version[]
}

/** The winner, or what `conflict` makes of all that are in conflict; without those that this node refuses. */
export function shown<T extends object, K extends Id>(
  { heads, refused = [] }: Versions & Refusing,
  id: K,
  conflict: Resolve<T, K> | undefined,
): Shown {
  const taken = heads.filter(({ stamp }) => !refused.includes(stamp))
  if (!conflict || taken.length < 2) return { text: taken[0]?.text, versions: taken.slice(0, 1) }
  const objects = taken.map(({ text }) => objectOf<T>(text))
  const made = objects.reduceRight((a, b) => conflict(a, b, id))
  return { text: textOf(made), versions: taken }
}

/** The stamps of the versions that are not valid here. */
export interface Refusing {
  readonly refused?: readonly string[] | undefined
}

/** Those of the heads that are not valid here; and all but the latest, if what `conflict` makes of the others is not. */
export function refusedOf<T extends object, K extends Id>(
  versions: Versions,
  id: K,
  conflict: Resolve<T, K> | undefined,
  isValid: (object: T) => boolean,
): readonly string[] {
  const isRefused = (text: string | undefined) => text !== undefined && !isValid(objectOf<T>(text) as T)
  const refused = versions.heads.filter(({ text }) => isRefused(text)).map(({ stamp }) => stamp)
  const { text, versions: taken } = shown({ ...versions, refused }, id, conflict)
  if (taken.length < 2 || !isRefused(text)) return refused
  return [...refused, ...taken.slice(1).map(({ stamp }) => stamp)]
}

export function objectOf<T extends object>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (parse(text) as T)
}

export function textOf(object: object | undefined): string | undefined {
  return object && stringify(object)
}
