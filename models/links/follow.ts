/** From instances to those they link to: one by one, or for many at once. */

import type { Cursor } from '../../lib/cursor.js'
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Term } from '../../lib/query/conditions.js'
import { plan } from '../../lib/query/plan.js'
import type { Data, Id, MaybePromise, Options, QueryOptions } from '../../lib/store.js'
import type { End } from './graph.js'
import { chunks, holding, keysIn } from './ids.js'
import type { Network } from './network.js'

/** What gives instances: a model, or a transaction on one. */
export type Models = (model: string) => {
  get(id: Id, options?: Options): MaybePromise<object | undefined>
  query(query?: unknown, options?: QueryOptions): Cursor<Data>
}

/** The end of a link by its rel; a `TypeError` if there is none, or the instance has the other method for it. */
export function endOf({ graph }: Network, model: string, rel: string, many?: boolean): End {
  const end = graph.ends(model).get(rel)
  if (!end) throw new TypeError(`there is no link ${JSON.stringify(rel)} in ${model}`)
  if (many !== undefined && end.many !== many) {
    throw new TypeError(
      `${rel} leads to ${end.many ? 'many: ask for links' : 'one: ask for link'}(${JSON.stringify(rel)})`,
    )
  }
  return end
}

/** The one that an instance links to. */
export async function one(instance: object, end: End, models: Models, options?: Options): Promise<object | undefined> {
  const [key] = keysIn(instance, end.property)
  return key === undefined ? undefined : models(end.to).get(key, options)
}

/** Those that an instance links to, and that fulfil the query; in the order of the array, unless the query says another. */
export async function several(
  instance: object,
  end: End,
  { member }: Network,
  models: Models,
  query: Term<never> = '',
  options?: QueryOptions,
): Promise<object[]> {
  const idProperty = idOf(member, end.to)
  const keys = keysIn(instance, end.forward ? end.property : idOf(member, end.from))
  if (keys.length === 0) return []
  const linked = holding(end.forward ? { property: idProperty, array: false } : end, keys)
  const asked = models(end.to)
    .query(linked, options)
    .and(query as never)
  const found = await asked.toArray()
  if (!end.forward || plan(asked.expression).stages.length > 0) return found
  return inOrder(keys, byKey(found, idProperty))
}

/** Gives instances what they link to, as properties: at most one query for each link. */
export async function include(
  instances: readonly object[],
  model: string,
  rels: readonly string[],
  { network, models }: { readonly network: Network; readonly models: Models },
  options: Options,
): Promise<void> {
  const { member } = network
  for (const rel of rels) {
    const end = endOf(network, model, rel)
    const idProperty = idOf(member, end.to)
    const property = end.forward ? end.property : idOf(member, end.from)
    const keys = instances.map(each => keysIn(each, property))
    const asked = end.forward ? { property: idProperty, array: false } : end
    const found: object[] = []
    for (const part of chunks([...new Set(keys.flat())])) {
      found.push(...(await models(end.to).query(holding(asked, part), options).toArray()))
    }
    const groups: ReadonlyMap<Id, object> = end.forward ? byKey(found, idProperty) : byHeld(found, end)
    for (const [position, instance] of instances.entries()) {
      const own = keys[position] as readonly Id[]
      // no accessor of a class is called like a link, so this makes a property, and in a tenth of the time
      if (end.many) (instance as Data)[rel] = inOrder(own, groups).flat()
      else if (groups.has(own[0] as Id)) (instance as Data)[rel] = groups.get(own[0] as Id)
    }
  }
}

/** What was asked to be included; a `TypeError` for what is no list of links. */
export function checkInclude(network: Network, model: string, rels: unknown): readonly string[] {
  if (!Array.isArray(rels)) throw new TypeError('include is a list of links')
  for (const rel of rels) endOf(network, model, rel)
  return rels
}

/** Instances that come with what they link to. */
export function including(
  asked: Cursor<object>,
  fill: (instances: readonly object[]) => Promise<void>,
): AsyncIterable<object> {
  return {
    [Symbol.asyncIterator]() {
      let instances: Promise<Iterator<object>> | undefined
      async function find(): Promise<Iterator<object>> {
        const found = await asked.toArray()
        await fill(found)
        return found.values()
      }
      return {
        async next() {
          instances ??= find()
          return (await instances).next()
        },
      }
    },
  }
}

/** Only whole objects have links. */
export function refuseParts(): never {
  throw new StoreError('NotSupportedError', 'include needs whole objects, and the query gives parts of them')
}

type Members = Network['member']
const idOf = (member: Members, model: string) => member(model).setup.idProperty

function byKey(found: readonly object[], idProperty: string): ReadonlyMap<Id, object> {
  return new Map(found.map(each => [toKey(each[idProperty as never]), each]))
}

function byHeld(found: readonly object[], { property }: End): ReadonlyMap<Id, object[]> {
  const groups = new Map<Id, object[]>()
  for (const each of found) {
    for (const key of keysIn(each, property)) {
      const known = groups.get(key)
      if (known) known.push(each)
      else groups.set(key, [each])
    }
  }
  return groups
}

function inOrder<T>(keys: readonly Id[], groups: ReadonlyMap<Id, T>): T[] {
  return keys.flatMap(key => (groups.has(key) ? [groups.get(key) as T] : []))
}
