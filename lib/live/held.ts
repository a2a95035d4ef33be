import { toKey } from '../id.js'
import { match } from '../query/match.js'
import { sorted } from '../sorted.js'
import type { Change, Id } from '../store.js'
import { equal } from '../value.js'
import { firstOfEach } from './first-of-each.js'
import { orderOf, type Row, rowOf, unmade } from './row.js'
import type { Shape } from './shape.js'

/** What is in the window at one moment. */
export interface Sight {
  readonly rows: readonly Row[]
  readonly objects: readonly unknown[]
}

/** The objects that match, in order, changed by one commit after the other. */
export interface Held {
  /** Takes in the objects of the start. */
  fill(objects: Iterable<object>): void
  /** Takes in what a commit has changed, in O(log n) comparisons for each object. Has it changed anything? */
  apply(commit: readonly Change[]): boolean
  /** The window: the same one as long as nothing in it has changed. Costs what is in it. */
  sight(): Sight
}

export interface HeldOptions {
  readonly shape: Shape
  readonly idOf: (object: object) => Id
  /** Makes what callers see of what is in the window: once for each state of an object. */
  readonly show: (item: unknown) => unknown
}

export function held({ shape, idOf, show }: HeldOptions): Held {
  const matches = match(shape.condition)
  const order = orderOf(shape)
  const rows = new Map<Id, Row>()
  const list = sorted(order)
  const chosen = shape.same ? firstOfEach(list, order) : list
  let latest: Sight = { rows: [], objects: [] }
  let stale = false

  function replace(key: Id, row: Row | undefined): boolean {
    const before = rows.get(key)
    if (before) chosen.delete(before)
    if (row) {
      rows.set(key, row)
      chosen.add(row)
    } else rows.delete(key)
    return before !== row
  }

  function inWindow(): readonly Row[] {
    const found = list.slice(list.at(shape.start), list.at(shape.end))
    let all = !shape.alike
    for (const row of found) {
      if (row.shown === unmade) {
        const shown = shape.shown(row.item)
        row.shown = shown === undefined ? undefined : show(shown)
      }
      all &&= row.shown !== undefined
    }
    if (all) return found
    const known = new Set<unknown>()
    return found.filter(({ item, shown }) => {
      if (shown === undefined) return false
      return !shape.alike || known.size < known.add(shape.alike(item)).size
    })
  }

  return {
    fill(objects) {
      const found = [...objects].flatMap(object => rowOf(shape, idOf(object), object) ?? [])
      // in order, each is added at the end
      for (const row of found.sort(order)) replace(row.key, row)
      stale = true
    },
    apply(commit) {
      let changed = false
      for (const { id, object, previous } of commit) {
        if (object && previous && equal(object, previous)) continue
        const row = object && matches(object) ? rowOf(shape, id, object) : undefined
        changed = replace(toKey(id), row) || changed
      }
      stale ||= changed
      return changed
    },
    sight() {
      if (!stale) return latest
      stale = false
      const found = inWindow()
      const same = found.length === latest.rows.length && found.every((row, at) => row === latest.rows[at])
      if (!same) latest = { rows: found, objects: found.map(({ shown }) => shown) }
      return latest
    },
  }
}
