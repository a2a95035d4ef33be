import { compareKeys, toKey } from '../id.js'
import { compare } from '../order.js'
import type { Id } from '../store.js'
import { copy } from '../value.js'
import type { Shape } from './shape.js'

/** One state of one object, as a live query holds it. */
export interface Row {
  readonly key: Id
  readonly id: Id
  readonly keys: readonly unknown[]
  /** What rows have in common of which only the first counts. */
  readonly same: unknown
  /** What the window opens on. */
  readonly item: unknown
  /** What is seen of it in the window, once that has been made; `undefined` if nothing is. */
  shown: unknown
}

/** In place of what is not made yet. */
export const unmade = Symbol('unmade')

/** The row of an object that matches, if there is something of it. */
export function rowOf({ keys, item, same }: Shape, id: Id, object: object): Row | undefined {
  const made = item(object)
  if (made === undefined) return undefined
  return {
    key: toKey(id),
    id,
    // who is shown the object can change it: the order must not depend on that
    keys: keys.map(({ read }) => copy(read(object))),
    same: same?.(object),
    item: made,
    shown: unmade,
  }
}

/** The order of a query: by its keys, ties by the id. Two states of one object may be 0, two objects never. */
export function orderOf({ keys }: Shape): (a: Row, b: Row) => number {
  const signs = keys.map(({ sign }) => sign)
  return (a, b) => {
    for (let at = 0; at < signs.length; at++) {
      const order = compare(a.keys[at], b.keys[at])
      if (order !== 0) return order * (signs[at] as number)
    }
    return compareKeys(a.key, b.key)
  }
}
