import { type Sorted, sorted } from '../sorted.js'
import type { Row } from './row.js'

/** Keeps in a list the first row of those that have the same in common. */
export function firstOfEach(list: Sorted<Row>, order: (a: Row, b: Row) => number): Pick<Sorted<Row>, 'add' | 'delete'> {
  const groups = new Map<unknown, Sorted<Row>>()

  function change(row: Row, how: 'add' | 'delete'): void {
    const group = groups.get(row.same) ?? sorted(order)
    const before = firstOf(group)
    group[how](row)
    const now = firstOf(group)
    if (now) groups.set(row.same, group)
    else groups.delete(row.same)
    if (now === before) return
    if (before) list.delete(before)
    if (now) list.add(now)
  }

  return { add: row => change(row, 'add'), delete: row => change(row, 'delete') }
}

function firstOf(group: Sorted<Row>): Row | undefined {
  return group.slice(group.at(0), group.at(1))[0]
}
