import type { Id, Store } from '../../../lib/store.js'

export type Thing = Record<string, unknown>
/** A store with all methods. */
export type Full = Required<Store<Thing, Id>>

interface Asked {
  query?(): Iterable<object> | AsyncIterable<object>
}

/** All that a store or a model shows, as plain objects. */
export async function all(store: Asked): Promise<Thing[]> {
  return (await list(store.query?.() ?? [])).map(each => ({ ...each }))
}

export async function list<T>(items: Iterable<T> | AsyncIterable<T> | undefined): Promise<T[]> {
  const found: T[] = []
  for await (const each of items ?? []) found.push(each)
  return found
}
