/** Looks for links that lead to nothing. */

import type { Data, Id, Options, Store } from '../../lib/store.js'
import type { End } from '../links/graph.js'
import { keysOf, present, valuesIn } from '../links/ids.js'
import type { Network } from '../links/network.js'
import type { Dangling } from './types.js'

export interface DanglingOptions extends Options {
  /** Told now and then how many objects have been looked at, and of how many, if the stores can count. */
  readonly progress?: ((progress: { readonly done: number; readonly total?: number | undefined }) => void) | undefined
}

/** How many objects are looked at together. */
const page = 1000

export async function* dangling(
  { graph, names, member }: Network,
  { signal, progress }: DanglingOptions = {},
): AsyncGenerator<Dangling, undefined> {
  const all = names
    .map(name => ({ name, ends: [...graph.ends(name).values()].filter(({ forward }) => forward) }))
    .filter(({ name, ends }) => ends.length > 0 && member(name).store.query)
  const total =
    progress &&
    (await countAll(
      all.map(({ name }) => member(name).store),
      { signal },
    ))
  let done = 0

  async function lost(objects: readonly Data[], end: End): Promise<readonly { object: Data; target: unknown }[]> {
    const { store, setup } = member(end.to)
    const held = objects.flatMap(object => valuesIn(object, end.property).map(target => ({ object, target })))
    const keys = keysOf(held.map(({ target }) => target))
    const there = keys.length > 0 ? await present(store, setup.idProperty, keys) : new Set<Id>()
    return held.filter(({ target }) => !keysOf([target]).some(key => there.has(key)))
  }

  for (const { name, ends } of all) {
    const { store, setup } = member(name)
    for await (const objects of pages(store, { signal })) {
      for (const end of ends) {
        for (const { object, target } of await lost(objects, end)) {
          yield { model: name, id: object[setup.idProperty] as Id, rel: end.rel, target }
        }
      }
      done += objects.length
      progress?.({ done, total })
      // others get a turn
      await new Promise<void>(resolve => setTimeout(resolve))
      signal?.throwIfAborted()
    }
  }
}

async function countAll(stores: readonly Store[], options: Options): Promise<number | undefined> {
  let total = 0
  for (const { count } of stores) {
    if (!count) return undefined
    total += await count('', options)
  }
  return total
}

async function* pages(store: Store<Data, Id>, options: Options): AsyncGenerator<Data[], undefined> {
  options.signal?.throwIfAborted()
  let objects: Data[] = []
  for await (const object of store.query?.('', options) ?? []) {
    objects.push(object)
    if (objects.length < page) continue
    yield objects
    objects = []
  }
  if (objects.length > 0) yield objects
}
