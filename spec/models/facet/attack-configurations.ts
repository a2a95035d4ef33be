/** Facets of many kinds over the same people, each with what it grants. */
import type { Id, Store } from '../../../lib/store.js'
import { database } from '../../../models/database.js'
import { permissive, restrictive } from '../../../models/facet.js'
import { Model } from '../../../models/model.js'
import { memory } from '../../../stores/memory.js'
import { fullText } from '../../../wrappers/full-text.js'
import { history } from '../../../wrappers/history.js'
import { slow } from '../../../wrappers/slow.js'
import { type Spy, spy } from './attack-spy.js'
import { definition, ids, people } from './attack-world.js'
import type { Granted } from './monitor.js'

// biome-ignore lint/suspicious/noExplicitAny: what an attacker holds has no types
export type Any = any

export interface World {
  readonly facet: Any
  readonly granted: Granted
  readonly spy: Spy
  /** What must never be reached. */
  readonly secrets: readonly object[]
  /** What holds an actor of the owner's own, who changes what is hidden and what is not. */
  readonly model: Any
}

type Rules = Readonly<Record<string, unknown>>
type Make = (model: object, rules: Rules) => object
/** The model's own methods work on whole objects, and give what they will: here none of them is open unless it is said. */
const make: Make = (model, rules) => {
  const own = 'prototype' in model ? { everything: false, cursor: false, itself: false } : {}
  const ofObjects = 'prototype' in model ? { tell: false } : {}
  const { methods, prototype, ...others } = rules as Rules & { readonly [K in 'methods' | 'prototype']?: object }
  const all = { ...others, methods: { ...own, ...methods }, prototype: { ...ofObjects, ...prototype } }
  return permissive(model as never, all as never) as object
}
const narrow: Make = (model, rules) => restrictive(model as never, rules as never) as object

const reading = ['get', 'query', 'count', 'getAll']
const everything = [
  ...reading,
  ...['put', 'add', 'delete', 'update', 'patch', 'subscribe', 'transaction', 'putAll', 'deleteAll', 'greet'],
]
const isMine = (row: Rules) => row.owner === 'me'
const all = () => true
const none = () => false
const hidden = { ssn: { blocked: true }, card: { blocked: true }, code: { blocked: true } }
const unwritable = { email: { writable: false } }
const visible = (name: string) => !['ssn', 'card', 'code', 'email'].includes(name)
const mine = { where: 'owner=me', properties: { ...hidden, ...unwritable } }
const owned = { methods: everything, admits: isMine, writes: visible, fills: { owner: 'me' } }

interface Configuration {
  readonly name: string
  make(model: object, Model: Any): object
  readonly granted: Granted
  over?(inner: Required<Store>): Store | Promise<Store>
}

export const configurations: readonly Configuration[] = [
  {
    name: 'restrictive, with hidden rows and properties',
    make: model => narrow(model, mine),
    granted: { methods: reading, admits: isMine, writes: none },
  },
  { name: 'permissive, with hidden rows and properties', make: model => make(model, mine), granted: owned },
  {
    name: 'a list of properties',
    make: model =>
      make(model, {
        where: 'owner=me',
        properties: { name: {}, age: {}, owner: { writable: false } },
        additionalProperties: false,
        methods: { delete: false },
      }),
    granted: {
      methods: everything.filter(name => !name.startsWith('delete')),
      admits: isMine,
      writes: name => name === 'name' || name === 'age',
      fills: { owner: 'me' },
    },
  },
  {
    name: 'a facet of a facet of a facet',
    make: model =>
      narrow(
        make(make(model, { properties: { ...hidden, ...unwritable } }), { where: 'owner=me', properties: unwritable }),
        {
          where: 'age<24',
          properties: unwritable,
          methods: ['put', 'add', 'patch', 'update', 'transaction'],
          maxLimit: 3,
        },
      ),
    granted: {
      methods: [...reading, 'put', 'add', 'patch', 'update', 'transaction', 'putAll'],
      admits: row => isMine(row) && (row.age as number) < 24,
      writes: visible,
      fills: { owner: 'me' },
    },
  },
  {
    name: 'computed properties',
    make: model =>
      make(model, {
        where: 'owner=me',
        properties: {
          ...hidden,
          ...unwritable,
          card: { get: () => '***', set: (value: unknown) => `${value}` },
          label: { get: (_: unknown) => 'label' },
        },
      }),
    granted: { ...owned, writes: name => visible(name) || name === 'card' },
  },
  {
    name: 'a drop box',
    make: model =>
      narrow(model, {
        methods: { get: false, query: false, count: false, add: true },
        properties: { ...unwritable, ...hidden, owner: { writable: false } },
      }),
    granted: { methods: ['add'], admits: all, writes: name => visible(name) && name !== 'owner' },
  },
  {
    name: 'a slot that is written blindly',
    make: model =>
      narrow(make(model, { ...mine, reveals: ['id'] }), {
        methods: { get: false, query: false, count: false, put: true, delete: true },
        reveals: ['id', 'email'],
        max: 6,
      }),
    granted: { ...owned, methods: ['put', 'delete'] },
  },
  {
    name: 'gated by a function that answers later',
    make: model =>
      make(model, {
        properties: { ...hidden, ...unwritable },
        allowed: async (_: unknown, row: Rules) => row.owner === 'me',
      }),
    granted: { ...owned, fills: {}, reads: 'all' },
  },
  {
    name: 'gated, over a gated one',
    make: model =>
      narrow(
        make(model, { properties: { ...hidden, ...unwritable }, allowed: (_: unknown, row: Rules) => isMine(row) }),
        {
          methods: ['put', 'add', 'delete', 'subscribe'],
          reveals: ['email'],
          where: 'age>=0',
          max: 6,
        },
      ),
    granted: {
      methods: [...reading, 'put', 'add', 'delete', 'subscribe', 'putAll', 'deleteAll'],
      admits: row => isMine(row) && (row.age as number) >= 0,
      writes: visible,
      reads: 'all',
    },
  },
  {
    name: 'over a history',
    make: model => make(model, { ...mine, actor: 'holder' }),
    granted: owned,
    over: inner => history(inner, { log: memory() }) as never,
  },
  {
    name: 'over a full-text index',
    make: model => make(model, mine),
    granted: owned,
    over: inner => fullText(inner, { fields: ['name', 'ssn'] }) as never,
  },
  {
    name: 'methods of the model and of the rules',
    make: model =>
      narrow(
        make(model, { ...mine, prototype: { greet: true }, methods: { everything: true, itself: true, cursor: true } }),
        {
          methods: {
            everything: true,
            itself: true,
            cursor: true,
            own(this: Any, value: unknown) {
              return [value, Object.keys(this)]
            },
          },
          prototype: {
            greet: true,
            ownOne(this: Any, value: unknown) {
              return { value, name: this.name }
            },
          },
        },
      ),
    granted: {
      methods: [...reading, 'everything', 'itself', 'cursor', 'greet'],
      admits: isMine,
      writes: none,
      reads: 'all',
    },
  },
  {
    name: 'links through a database',
    make(_, People) {
      const links = [{ rel: 'boss', href: '/people/{bossId}', inverse: 'reports' }]
      const db = database({ people: Model(People.store, { ...definition, links } as never) as never } as never) as Any
      const target = narrow(db.people, { ...mine, properties: { ...mine.properties, home: { blocked: true } } })
      return narrow(db.people, { ...mine, links: { boss: target, reports: target }, methods: ['put'] })
    },
    granted: { ...owned, methods: [...reading, 'put', 'link', 'links', 'putAll', 'greet'], reads: 'all' },
  },
  {
    name: 'over a slow store',
    make: model => make(model, mine),
    granted: owned,
    over: inner => slow(inner, { delay: 0, sleep: async () => {} }) as never,
  },
]

/** A new world. `variant` says which are the hidden things in it. */
export async function worldOf({ make, granted, over }: Configuration, variant?: string): Promise<World> {
  const inner = memory({ generateId: ids() as () => Id }) as unknown as Required<Store>
  const spied = spy(inner)
  const store = (over ? await over(spied.store as Required<Store>) : spied.store) as Required<Store>
  const model = Model(store as never, definition as never) as Any
  for (const each of people(variant)) await store.add(each)
  spied.effects.length = 0
  const facet = make(model, { store })
  return { facet, granted, spy: spied, model, secrets: [inner, spied.store, store, model, model.prototype] }
}
