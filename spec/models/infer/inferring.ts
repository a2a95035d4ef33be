import { runInThisContext } from 'node:vm'
import type { Id, Store } from '../../../lib/store.js'
import { schema } from '../../../models/schema.js'
import { memory } from '../../../stores/memory.js'
import type { Thing } from '../migrate/things.js'

/** A store with these objects, by their positions. */
export function holding(objects: readonly object[]): Store<Thing, Id> {
  const store = memory<Thing, Id>()
  for (const [id, object] of objects.entries()) store.put({ id, ...object })
  return store
}

export const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

/** The schema that the printed source makes. */
export function evaluated(source: string): unknown {
  const body = source.slice(source.indexOf('Model('))
  const make = runInThisContext(`(Model, store) => ${body}`)
  return make((_: unknown, definition: object) => schema(definition).plain, undefined)
}
