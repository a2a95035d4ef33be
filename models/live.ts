/** Live objects: change one, and what is stored follows; see what happened to it, and undo it. */
import type { Store } from '../lib/store.js'
import { begin } from './live/begin.js'
import { methods } from './live/methods.js'
import { openSource } from './live/open.js'
import type { GivenOf, Kind, LazyLive, Live, LiveOptions, ObjectOf } from './live/types.js'

export type { LiveChange } from './live/change.js'
export { changes, dirty, isLive, type LiveMethods, raw, redo, revert, undo } from './live/handle.js'
export type { ChangeHook, LazyLive, Live, LiveObject, LiveOptions } from './live/types.js'

/**
 * Opens a live store: its objects are changed like any others, and what is stored follows, a JSON file for each in the directory
 * of this path, or an object in a store of yours. What happened to them is kept, so that it can be looked at and undone.
 *
 * The objects are those of a class, of a model (in its own store), of a schema such as those of zod, or of a shape:
 * `{ name: String, age: { type: 'integer', default: 0 } }`. One live store at a time may have a directory open.
 */
export function live<const D extends Kind, L extends 'lazy' | 'all' = 'all'>(
  of: D,
  place: Store | string,
  options?: LiveOptions<ObjectOf<D>, L>,
): Promise<L extends 'lazy' ? LazyLive<ObjectOf<D>, GivenOf<D>> : Live<ObjectOf<D>, GivenOf<D>>>
export function live<
  D extends Store & { readonly prototype: object; readonly definition: unknown },
  L extends 'lazy' | 'all' = 'all',
>(
  model: D,
  options?: LiveOptions<ObjectOf<D>, L>,
): Promise<L extends 'lazy' ? LazyLive<ObjectOf<D>, GivenOf<D>> : Live<ObjectOf<D>, GivenOf<D>>>
export async function live(of: unknown, given?: unknown, more?: LiveOptions): Promise<unknown> {
  const isPlace = typeof given === 'string' || typeof (given as Store | undefined)?.get === 'function'
  const options = ((isPlace ? more : given) ?? {}) as LiveOptions<never>
  const { undoLimit = 1, lookEvery = 0 } = options
  if (!(undoLimit >= 1)) throw new TypeError(`undoLimit is a number of changes from 1 on, not ${undoLimit}`)
  if (!(lookEvery >= 0)) throw new TypeError(`lookEvery is a number of milliseconds, not ${lookEvery}`)
  const source = await openSource(of, isPlace ? (given as Store | string) : undefined, options)
  try {
    return methods(await begin(source, options), options.load === 'lazy')
  } catch (error) {
    await source.close()
    throw error
  }
}
