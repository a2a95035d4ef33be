/** Persisto: from one configuration of types, typed methods to make, find, relate and select their objects, and assets. */
import { join } from 'node:path'
import { StoreError } from '../lib/errors.js'
import { holding, lock } from '../lib/lock.js'
import { onEach } from '../lib/when.js'
import type { Persisto, PersistoOptions } from './persisto/api.js'
import { type Books, books } from './persisto/assets/books.js'
import type { Checked, Config, Grouping, IndexDefinition, NoOthers, Relation } from './persisto/config.js'
import { counters } from './persisto/counters.js'
import { generate } from './persisto/generate.js'
import type { Ground } from './persisto/ground.js'
import { accountNumber, counted, type IdGenerator } from './persisto/ids.js'
import type { LogEvent } from './persisto/log-event.js'
import { method } from './persisto/method.js'
import { registry } from './persisto/registry.js'
import { selectMethod } from './persisto/select.js'
import { added, checkParts, joined, nothing, type Settings } from './persisto/settings.js'
import { directories, opener, type Place, within } from './persisto/strategy.js'
import { checkUnique } from './persisto/unique.js'
import { storeOf, world } from './persisto/world.js'

export type { Persisto, PersistoOptions } from './persisto/api.js'
export type { Config, Field, Fields, Grouping, IndexDefinition, Relation } from './persisto/config.js'
export { type Granted, grant } from './persisto/grant.js'
export {
  accountNumber,
  counted,
  fromAccountNumber,
  type IdGenerator,
  toAccountNumber,
  upperCase,
  uuid,
} from './persisto/ids.js'
export type { LogEvent, Logger } from './persisto/log-event.js'
export type { Argument, MethodInfo } from './persisto/method.js'
export type { Filter, Operators, Selection, SelectOptions, SortBy } from './persisto/select.js'
export { type DirectoriesOptions, directories, type Strategy } from './persisto/strategy.js'
export type { InputOf, ObjectOf } from './persisto/types.js'

/**
 * Makes of a configuration the methods to work with it: `createUser`, `getUserByEmail`, `getPostsFromAuthorshipWithUser`. Opens the
 * stores, and fails here if they cannot be. A `TypeError` for a configuration that is wrong, or whose methods would clash.
 */
export async function persisto<const C extends Config>(
  options: C & Checked<C> & PersistoOptions & NoOthers<C, keyof Config | keyof PersistoOptions> = {} as never,
): Promise<Persisto<C>> {
  const { store, strategy, path = 'work_space_data', logger, ids = {}, locale, autosave, ...others } = options
  const defaultLog = store || strategy ? undefined : join(path, 'transactions.log')
  const { log = defaultLog, decimals = 6, now = Date.now, ...config } = others
  checkParts(config)
  if (store && strategy) throw new TypeError('store and strategy are two answers to one question: give one of them')
  const open = opener(strategy ?? (store ? within(store) : directories({ path })), autosave)
  const stores = new Map<string, Place>()
  const configuring = lock()
  const system = await open('system')
  const count = counters(system)
  let current = world(nothing, stores, log)
  let ledger: Promise<Books> | undefined

  const generatorOf = (type: string, otherwise: IdGenerator) => {
    if (typeof ids === 'function') return ids
    return Object.hasOwn(ids, type) ? (ids[type] as IdGenerator) : otherwise
  }
  const ground: Ground = {
    world: () => current,
    writing: work => holding(configuring.read(), () => work(current)),
    newId: type => generatorOf(type, counted)(type, () => count.next(`object ${type}`)),
    prefixOf: type => generatorOf(type, counted).prefix?.(type),
    async tell(event) {
      try {
        await logger?.record(event)
      } catch (cause) {
        throw new StoreError('OutcomeUnknownError', `it was done, and could not be logged: ${event.type}`, { cause })
      }
    },
    locale,
  }
  const accounts = {
    booked() {
      ledger ??= open('assets').then(place => books(place, { decimals, logger, now }))
      return ledger
    },
    newAccount: async (type: string) => generatorOf(type, accountNumber)(type, () => count.next('account')),
  }

  const target = {}
  const methods = registry(target)

  /** Adds to the configuration: first all is checked, then stores are opened, then methods are added. */
  async function configure(more: Config): Promise<object> {
    const release = await configuring.write()
    try {
      const settings = added(current.settings, more)
      const all = joined(current.settings, settings)
      const generated = generate(settings, ground, { ...accounts, first: current.settings.assets.size === 0 })
      methods.check(generated)
      checkPrefixes(all, ground)
      if (store) checkApart(all)
      const opened = await openAll(settings, stores, open)
      try {
        const both = new Map([...stores, ...opened])
        for (const index of settings.indexes) await checkUnique(both.get(index.type) as Place, index)
        if (settings.assets.size > 0) await accounts.booked()
        const next = world(all, both, log)
        for (const [name, place] of opened) stores.set(name, place)
        current = next
        methods.add(generated)
      } catch (error) {
        await onEach([...opened.values()], each => each.close?.())
        throw error
      }
      return target
    } finally {
      release()
    }
  }

  async function shutDown(): Promise<void> {
    await count.giveBack()
    for (const each of stores.values()) await each.close?.()
    await (await ledger)?.close()
    await system.close?.()
    await logger?.close?.()
  }

  methods.add([
    selectMethod(ground),
    method('methods', 'The methods that there are, with their arguments.', '', async () => methods.list()),
    method('getNextNumber', 'The next number of its kind, from 1.', 'kind: string', async kind =>
      count.next(`number ${String(kind)}`),
    ),
    method('getLogicalTimestamp', 'A number that is higher than all before.', '', async () => count.next('clock')),
    method('getUserLogs', 'What is logged about a user.', 'user: string', async user => {
      return (await logger?.getUserLogs?.(String(user))) ?? []
    }),
    method('loginEvent', 'Logs that somebody came in.', 'user: string, data?: object', async (user, data) =>
      ground.tell({ type: 'LOGIN', users: [user], data } as LogEvent),
    ),
    method('forceSave', 'Saves what was kept back.', '', async () => {
      for (const each of stores.values()) await each.flush?.()
    }),
    method('shutDown', 'Saves, and closes the stores.', '', shutDown),
    method('configure', 'Adds to the configuration.', 'more: object', async (more: Config) => {
      checkParts(more)
      return configure(more)
    }),
    method('configureTypes', 'Adds types.', 'types: object', types => configure({ types })),
    method(
      'createIndex',
      'Adds an index.',
      'type: string, index: string | object',
      (type: string, index: IndexDefinition) => configure({ indexes: { [type]: [index] } }),
    ),
    method(
      'createGrouping',
      'Adds a grouping.',
      'name: string, type: string, by: string | array',
      (name: string, type: string, by: Grouping['by']) => configure({ groupings: { [name]: { type, by } } }),
    ),
    method(
      'createRel',
      'Adds a relation.',
      'name: string, relation: array | object',
      (name: string, relation: Relation) => configure({ relations: { [name]: relation } }),
    ),
    method('configureAssets', 'Adds assets.', 'assets: object', assets => configure({ assets })),
  ])
  try {
    await configure(config as Config)
  } catch (error) {
    await shutDown().catch(() => {})
    throw error
  }
  return target as never
}

/** The stores of new types and relations. */
async function openAll(
  { types, relations }: Settings,
  stores: ReadonlyMap<string, Place>,
  open: (name: string) => Promise<Place>,
): Promise<Map<string, Place>> {
  const names = [...types.keys(), ...relations.map(storeOf)]
  const taken = names.find((name, at) => stores.has(name) || names.indexOf(name) !== at)
  if (taken !== undefined) throw new TypeError(`two stores would be called ${taken}`)
  const opened = new Map<string, Place>()
  try {
    for (const name of names) opened.set(name, await open(name))
  } catch (error) {
    await onEach([...opened.values()], each => each.close?.())
    throw error
  }
  return opened
}

/** In one store, an index is on all that is in it. */
function checkApart({ indexes }: Settings): void {
  const known = new Map<string, string>()
  for (const { type, field, unique } of indexes) {
    const other = unique ? known.get(field) : undefined
    if (other !== undefined) {
      const message = `${field} is to be unique in ${other} and in ${type}, which one store cannot tell apart: give a strategy`
      throw new StoreError('NotSupportedError', message)
    }
    if (unique) known.set(field, type)
  }
}

/** Ids of two types that begin alike could be taken for each other. */
function checkPrefixes({ types }: Settings, { prefixOf }: Ground): void {
  const known = new Map<string, string>()
  for (const type of types.keys()) {
    const prefix = prefixOf(type)
    if (prefix === undefined) continue
    const other = known.get(prefix)
    if (other !== undefined) throw new TypeError(`ids of ${other} and ${type} would both begin with ${prefix}`)
    known.set(prefix, type)
  }
}
