import type { Id } from '../store.js'
import type { Row } from './row.js'
import type { LiveChange } from './types.js'

/** What makes the one array the other. Both are in the same order, which no row ever leaves: one walk finds it. */
export function difference(
  before: readonly Row[],
  after: readonly Row[],
  order: (a: Row, b: Row) => number,
): LiveChange<unknown>[] {
  const gone = new Map<Id, { readonly row: Row; readonly from: number }>()
  const come = new Map<Id, { readonly row: Row; readonly index: number }>()
  let [from, index] = [0, 0]
  while (from < before.length || index < after.length) {
    const [old, row] = [before[from], after[index]]
    const sign = old === row ? 0 : old && row ? order(old, row) : old ? -1 : 1
    if (old && old !== row && sign <= 0) gone.set(old.key, { row: old, from })
    if (row && old !== row && sign >= 0) come.set(row.key, { row, index })
    if (sign <= 0) from++
    if (sign >= 0) index++
  }

  const changes: LiveChange<unknown>[] = []
  for (const [key, { row, from }] of gone) if (!come.has(key)) changes.push({ type: 'remove', id: row.id, from })
  for (const [key, { row, index }] of come) {
    const from = gone.get(key)?.from
    const { id, shown: object } = row
    changes.push(from === undefined ? { type: 'add', id, object, index } : { type: 'change', id, object, index, from })
  }
  return changes
}
