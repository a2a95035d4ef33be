/** JSON Merge Patch (RFC 7396): what is null goes, objects are merged, all else takes the place of what was there. */
import { rank } from '../../../lib/order.js'
import type { Data } from '../../../lib/store.js'
import { copy } from '../../../lib/value.js'
import { own, put } from '../view.js'

/** Changes the target where it is an object. The patch must be in the value domain, and is not shared. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return copy(patch)
  const merged = isObject(target) ? target : {}
  for (const name of Object.keys(patch)) {
    const change = own(patch, name)
    put(merged, name, change === null ? undefined : mergePatch(own(merged, name), change))
  }
  return merged
}

const isObject = (value: unknown): value is Data => rank(value) === 7
