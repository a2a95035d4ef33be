import { introduce } from '../lib/explain.js'
import type { IdentityOptions } from '../lib/identity.js'
import type { Data, Id, Store } from '../lib/store.js'
import type { IndexDefinition } from './table/index.js'
import { type ReadonlyTableStore, readonlyTable } from './table/readonly.js'
import { type TableStore, tableStore } from './table/store.js'
import { table } from './table/table.js'

export interface MemoryOptions<T extends object> extends IdentityOptions {
  /** What the store holds at the start; copied. */
  readonly objects?: Iterable<T> | undefined
  /** Properties to keep in order, so that equality and ranges are answered without a scan. */
  readonly indexes?: readonly IndexDefinition[] | undefined
  /** Gives a store that cannot be written to. */
  readonly readonly?: boolean | undefined
}

/** A store in memory: synchronous wherever it need not wait for a transaction. */
export type MemoryStore<T extends object, K extends Id = Id> = TableStore<T, K>
export type ReadonlyMemoryStore<T extends object, K extends Id = Id> = ReadonlyTableStore<T, K>

/**
 * Keeps objects in a `Map`; they last as long as the store. Copies in and out, so a get costs one deep copy; an unindexed
 * query reads every object, an indexed one the few that the index selects.
 */
export function memory<T extends object = Data, K extends Id = Id>(
  options: MemoryOptions<T> & { readonly readonly: true },
): ReadonlyMemoryStore<T, K>
export function memory<T extends object = Data, K extends Id = Id>(options?: MemoryOptions<T>): MemoryStore<T, K>
export function memory<T extends object, K extends Id>({
  objects = [],
  indexes,
  readonly = false,
  ...identity
}: MemoryOptions<T> = {}): Store<T, K> {
  const held = table<T>(indexes)
  const store = tableStore<T, K>({ table: held, ...identity })
  for (const object of objects) store.add(object)
  const given = readonly ? readonlyTable(store) : store
  return introduce(given, {
    name: 'memory',
    options: { readonly },
    idProperty: identity.idProperty ?? 'id',
    numbers: () => ({ objects: held.size() }),
  })
}
