/**
 * The objects of the inner store have one property more than those the callers see: their mark. A property of the
 * caller's own with that name, or with `$` before it, is kept under a name with one `$` more.
 */
import type { Path } from '../query/expression.js'
import { checkedCopy } from '../value.js'

export interface Mark {
  /** The property of the inner store's objects that holds it. */
  readonly name: string
  /** A new object with what the caller's holds, as the inner store is to name it, but for the mark. What is nested is the caller's. */
  own<T extends object>(given: T): T
  /** The same object, with this mark. */
  set<T extends object>(object: T, mark: unknown): T
  of(stored: object | undefined): unknown
  /** What the callers see of what the inner store keeps. */
  seen<T extends object>(stored: T): T
  /** Does the inner store know the property by the same name? */
  knows(path: Path): boolean
  /** Do the callers see all that the inner store keeps? */
  readonly shown: boolean
}

/** A mark that nobody sees or sets: its name is `$` and letters. */
export function hiddenMark(name: string): Mark {
  const word = name.slice(1)
  const owned = new RegExp(`^\\$+${word}$`)
  const escaped = new RegExp(`^\\$\\$+${word}$`)
  return {
    ...access(name),
    shown: false,
    own: given => renamed(ownCopy(given), owned, own => `$${own}`),
    seen(stored) {
      const { [name as never]: _, ...object } = stored
      return renamed(object as typeof stored, escaped, own => own.slice(1))
    },
    knows: path => !owned.test(typeof path === 'string' ? path : (path[0] as string)),
  }
}

/** A mark that is a property like others for those who read. */
export function shownMark(name: string): Mark {
  return { ...access(name), shown: true, own: ownCopy, seen: stored => stored, knows: () => true }
}

function access(name: string): Pick<Mark, 'name' | 'set' | 'of'> {
  return {
    name,
    set(object, mark) {
      if (mark !== undefined) object[name as never] = mark as never
      return object
    },
    of: stored => stored?.[name as never],
  }
}

/** The first level is read here, and only once; the rest is copied and checked by the inner store. */
function ownCopy<T extends object>(given: T): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return checkedCopy(given)
  const prototype = Object.getPrototypeOf(given)
  return prototype === Object.prototype || prototype === null ? { ...given } : checkedCopy(given)
}

function renamed<T extends object>(object: T, names: RegExp, rename: (name: string) => string): T {
  for (const name in object) {
    if (name.charCodeAt(0) !== 36 || !names.test(name)) continue
    const entries = Object.entries(object).map(([name, value]) => [names.test(name) ? rename(name) : name, value])
    return Object.fromEntries(entries)
  }
  return object
}
