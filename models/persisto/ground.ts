/** What all generated methods stand on. */
import { StoreError } from '../../lib/errors.js'
import { compare } from '../../lib/order.js'
import { expression } from '../../lib/query/expression.js'
import type { Data, MaybePromise } from '../../lib/store.js'
import { toArray } from './list.js'
import type { LogEvent } from './log-event.js'
import type { RelationSettings, Role } from './settings.js'
import { storeOf, type World } from './world.js'

export interface Ground {
  world(): World
  /** Writes, while nobody adds to the configuration: what is checked then stays so. */
  writing<R>(work: (world: World) => MaybePromise<R>): MaybePromise<R>
  /** A new id for a type. */
  newId(type: string): MaybePromise<string>
  /** What the ids of a type begin with, if that is so. */
  prefixOf(type: string): string | undefined
  /** Tells the logger, if there is one. */
  tell(event: LogEvent): MaybePromise<void>
  readonly locale: string | undefined
}

/** How an object of a type belongs together with others: the side it is on, and the other, which it shows. */
export interface Side {
  readonly relation: RelationSettings
  readonly own: Role
  readonly other: Role
}

export function sidesOf({ settings }: World, type: string): Side[] {
  return settings.relations.flatMap(relation => {
    const [first, second] = relation.roles
    return [
      { relation, own: first, other: second },
      { relation, own: second, other: first },
    ].filter(({ own }) => own.type === type)
  })
}

/** The objects with the ids of what they belong together with: a query for each relation, however many objects there are. */
export async function whole(world: World, type: string, objects: readonly Data[]): Promise<Data[]> {
  const sides = sidesOf(world, type)
  if (sides.length === 0 || objects.length === 0) return objects as Data[]
  const ids = objects.map(({ id }) => id)
  const shown = objects.map(object => ({ ...object }))
  for (const { relation, own, other } of sides) {
    const pairs = world.store(storeOf(relation)).query(expression('in', own.name, ids))
    const found = new Map<unknown, unknown[]>(ids.map(id => [id, []]))
    for (const pair of await toArray(pairs)) found.get(pair[own.name])?.push(pair[other.name])
    for (const object of shown) object[other.name] = found.get(object.id)?.sort(compare)
  }
  return shown
}

/** The object of an id, or with this value of a unique index, as it is stored. */
export async function lookUp({ world }: Ground, type: string, key: unknown): Promise<Data | undefined> {
  if (typeof key !== 'string' || key === '') {
    throw new TypeError(
      `a ${type} is found by its id, or a value of a unique index, which is a text; not by ${String(key)}`,
    )
  }
  const { store, settings } = world()
  const byId = await store(type).get(key)
  if (byId) return byId
  for (const { field, unique, type: of } of settings.indexes) {
    if (of !== type || !unique) continue
    const [found] = await toArray(store(type).query(expression('eq', field, key), { end: 1 }))
    if (found) return found
  }
  return undefined
}

/** The same, or a `NotFoundError`. */
export async function find(ground: Ground, type: string, key: unknown): Promise<Data & { readonly id: string }> {
  const found = await lookUp(ground, type, key)
  if (found) return found as Data & { id: string }
  const prefix = ground.prefixOf(type)
  const hint = prefix === undefined || String(key).startsWith(prefix) ? '' : `: ids of ${type} begin with ${prefix}`
  throw new StoreError('NotFoundError', `there is no ${type} ${String(key)}${hint}`, { id: String(key) })
}
