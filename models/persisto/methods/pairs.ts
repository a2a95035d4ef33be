/** The pairs of a relation: what an object is given to belong together with, and the writing of it. */

import { expression } from '../../../lib/query/expression.js'
import type { Data } from '../../../lib/store.js'
import { describe } from '../../../lib/value.js'
import { type Side, sidesOf } from '../ground.js'
import type { RelationSettings } from '../settings.js'
import { pairId, storeOf, type World, type Writing } from '../world.js'

/** All that an object is to belong together with on one side. */
export interface Together {
  readonly side: Side
  readonly ids: readonly string[]
}

/** Takes what belongs to relations out of the values of an object. */
export function split(world: World, type: string, values: Data): { data: Data; together: Together[] } {
  const data = { ...values }
  const together: Together[] = []
  for (const side of sidesOf(world, type)) {
    const given = data[side.other.name]
    delete data[side.other.name]
    if (given === undefined) continue
    if (!Array.isArray(given) || !given.every(each => typeof each === 'string')) {
      throw new TypeError(`${side.other.name} must be an array of ids, not ${describe(given)}`)
    }
    together.push({ side, ids: [...new Set(given)] })
  }
  return { data, together }
}

/** Makes the object belong together with these and no others. */
export async function relate(on: (name: string) => Writing, { side, ids }: Together, id: string): Promise<void> {
  const { relation, own, other } = side
  const tx = on(storeOf(relation))
  const before = new Set<string>()
  for (const pair of await tx.query(expression('eq', own.name, id)).toArray()) {
    const each = pair[other.name] as string
    if (ids.includes(each)) before.add(each)
    else await tx.delete(pair.id as string)
  }
  for (const each of ids) if (!before.has(each)) await tx.add(pairOf(relation, { [own.name]: id, [other.name]: each }))
}

export function pairOf({ roles: [first, second] }: RelationSettings, ids: Record<string, string>): Data {
  return { id: pairId(ids[first.name] as string, ids[second.name] as string), ...ids }
}
