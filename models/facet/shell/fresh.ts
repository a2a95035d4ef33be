/** What a method of the model's or of the rules gives, as a holder may have it. */
import type { Data, MaybePromise } from '../../../lib/store.js'
import { checkedCopy } from '../../../lib/value.js'
import { isPromise, when } from '../../../lib/when.js'
import { Instance } from '../../model/instance.js'
import type { Authority } from '../authority.js'
import { isHeld, Reference } from '../held.js'
import { refuse } from '../refusal.js'

export interface FreshOptions {
  readonly authority: Authority
  /** Is it an object of the model that the facet is over? */
  ours(instance: object): boolean
  hold(data: Data): object
}

/** Plain data as copies; objects of the model as they are seen, or not at all; nothing else. */
export function fresh(result: unknown, options: FreshOptions): MaybePromise<unknown> {
  const { authority, ours, hold } = options
  if (typeof result !== 'object' || result === null) return plain(result)
  if (isPromise(result)) return result.then(later => fresh(later, options))
  if (isHeld(result)) return result
  if (result instanceof Reference) return when(authority.get(result.id, {}), found => found && hold(found))
  if (Array.isArray(result)) return each(result, item => fresh(item, options))
  if (!(result instanceof Instance)) return plain(result)
  if (!ours(result))
    return refuse('NotAllowedError', 'this is not given here', 'a method gave an object of another model')
  return when(authority.see({ ...result }), seen => seen && hold(seen))
}

function plain(result: unknown): unknown {
  try {
    return result === undefined ? undefined : checkedCopy({ result }).result
  } catch (cause) {
    return refuse('NotAllowedError', 'this is not given here', `a method gave what cannot be copied: ${String(cause)}`)
  }
}

/** Of those that are not seen nothing is left: not even how many they are. */
function each(items: readonly unknown[], give: (item: unknown) => MaybePromise<unknown>): MaybePromise<unknown[]> {
  const given = items.map(give)
  const seen = (all: readonly unknown[]) => all.filter((item, at) => item !== undefined || items[at] === undefined)
  return given.some(isPromise) ? Promise.all(given).then(seen) : seen(given)
}
