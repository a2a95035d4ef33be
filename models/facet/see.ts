/** What of an object is seen through a facet. */
import type { Data } from '../../lib/store.js'
import { own, put } from '../model/view.js'
import type { Policy } from './policy.js'

/** The object as it is seen; the given one where all of it is. Of a part, only what is there is computed. */
export function see(object: Data, { hides, readable, getters }: Policy, part = false): Data {
  if (!hides && getters.size === 0) return object
  const seen: Data = {}
  for (const name in object) {
    if (!readable(name)) continue
    // defining takes ten times as long as assigning
    if (name in Object.prototype) put(seen, name, object[name])
    else seen[name] = object[name]
  }
  for (const [name, get] of getters) {
    if (readable(name) && (!part || Object.hasOwn(object, name))) {
      put(seen, name, get.call({ ...object }, own(object, name)))
    }
  }
  return seen
}
