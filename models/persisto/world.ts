/** The stores and models behind the methods, put together anew whenever more is configured. */
import { StoreError } from '../../lib/errors.js'
import type { Expression } from '../../lib/query/expression.js'
import type { Data, Id, MaybePromise } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import { database } from '../database.js'
import { Model } from '../model.js'
import { shortcuts } from '../schema/keywords.js'
import type { Field } from './config.js'
import type { RelationSettings, Settings, TypeSettings } from './settings.js'
import type { Place } from './strategy.js'

/** A model as it is used here, for writing, or a transaction on it; the static types are those of the generated methods. */
export interface Writing {
  add(object: Data): MaybePromise<object>
  update(id: string, change: (object: Data) => void): MaybePromise<object>
  delete(id: string): MaybePromise<boolean>
  query(query: Expression): { toArray(): Promise<Data[]> }
}

export interface World {
  readonly settings: Settings
  /** The store of a type, or of a relation: for reading. */
  store(name: string): Place
  model(name: string): Writing
  transaction<R>(work: (on: (name: string) => Writing) => Promise<R>): Promise<R>
}

export const storeOf = ({ name }: RelationSettings) => `${name}_relation`

/** The model of each type, and of each relation, whose objects are its pairs, kept by the rules of their links. */
export function world(
  settings: Settings,
  stores: ReadonlyMap<string, Place>,
  log: TransactionLog | string | undefined,
): World {
  const store = (name: string): Place => {
    const found = stores.get(name)
    if (found) return found
    throw new StoreError('NotFoundError', `nothing is configured as ${JSON.stringify(name)}`)
  }
  const models = Object.fromEntries([
    ...[...settings.types.values()].map(type => [type.name, Model(store(type.name), definitionOf(type, settings))]),
    ...settings.relations.map(relation => [storeOf(relation), Model(store(storeOf(relation)), pairsOf(relation))]),
  ])
  const { transaction, ...connected } = database(models, { log }) as unknown as Connected
  return {
    settings,
    store,
    model: name => connected[name] as Writing,
    transaction: work => transaction(txs => work(name => txs[name] as Writing)),
  }
}

interface Connected {
  readonly [name: string]: unknown
  transaction<R>(work: (txs: { readonly [name: string]: unknown }) => Promise<R>): Promise<R>
}

function definitionOf({ name, fields, required }: TypeSettings, { indexes, groupings }: Settings): Data {
  const properties: Record<string, Data | boolean> = { id: { type: 'string' } }
  for (const [field, given] of Object.entries(fields)) properties[field] = propertyOf(given)
  const index = (field: string, rule: Data) => {
    const property = properties[field]
    properties[field] = { ...(typeof property === 'object' && property), ...rule }
  }
  for (const { type, fields } of groupings) if (type === name) for (const field of fields) index(field, { index: true })
  for (const { type, field, unique } of indexes)
    if (type === name) index(field, { index: true, ...(unique && { unique }) })
  return { title: name, properties, required }
}

const refused = ['unique', 'index', 'transient', 'blocked', 'get', 'set']

export function propertyOf(field: Field): Data | boolean {
  if (field === 'any') return true
  if (typeof field === 'string') return { type: field }
  if (typeof field === 'function') return { type: typeNames.get(field) ?? refuse(field) }
  const rule = Object.keys(field).find(each => refused.includes(each))
  if (rule !== undefined) throw new TypeError(`${rule} of a field is not said here, but by indexes, or by a model`)
  return { ...field }
}

const typeNames = new Map<unknown, string>(shortcuts)

function refuse(field: unknown): never {
  throw new TypeError(`${String(field)} is no type of a field`)
}

/** A pair of a relation ends with either of the two. */
function pairsOf(relation: RelationSettings): Data {
  const [first, second] = relation.roles
  return {
    properties: {
      id: { type: 'string' },
      [first.name]: { type: 'string', index: true },
      [second.name]: { type: 'string', index: true },
    },
    required: [first.name, second.name],
    links: [first, second].map(({ name, type }) => ({
      rel: `${name} of the pair`,
      model: type,
      property: name,
      inverse: `${name} in ${relation.name}`,
      onDelete: 'cascade',
    })),
  }
}

/** The id of a pair: the ids of both, apart whatever is in them. */
export function pairId(first: Id, second: Id): string {
  return `${encodeURIComponent(first)}|${encodeURIComponent(second)}`
}
