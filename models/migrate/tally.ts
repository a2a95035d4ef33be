/** Counts what a migration changes: exactly for the first so many properties, by the outermost name beyond. */
import type { Difference } from './diff.js'
import type { ObjectChanges, PropertyChanges } from './report.js'

/** The most properties that are counted one by one: maps of many keys would need memory for each. */
const maxPaths = 200

export function tally(examples: number, blocked: readonly string[]) {
  const counts = new Map<string, { path: readonly string[]; added: number; removed: number; changed: number }>()
  const shown: ObjectChanges[] = []

  function countOf(path: readonly string[]) {
    const key = JSON.stringify(path)
    const known = counts.get(key)
    if (known) return known
    if (counts.size >= maxPaths && path.length > 1) return countOf(path.slice(0, 1))
    const made = { path, added: 0, removed: 0, changed: 0 }
    counts.set(key, made)
    return made
  }

  return {
    add(object: ObjectChanges): void {
      const kinds = new Map(object.changes.map(({ path, kind }) => [countOf(path), kind]))
      for (const [count, kind] of kinds) count[kind]++
      if (shown.length < examples && object.changes.length > 0) {
        shown.push({ ...object, changes: object.changes.map(each => (isBlocked(each) ? hidden(each) : each)) })
      }
    },
    result: (): { changes: PropertyChanges[]; examples: ObjectChanges[] } => ({
      changes: [...counts.values()].sort((a, b) => Number(b.removed > 0) - Number(a.removed > 0)),
      examples: shown,
    }),
  }

  function isBlocked({ path }: Difference): boolean {
    return blocked.includes(path[0] as string)
  }
}

/** What the model hides is not told here either. */
function hidden({ path, kind }: Difference): Difference {
  return { path, kind }
}
