/** Random hierarchies with random operations, compared with a plain Map after each. */
import assert from 'node:assert/strict'
import { isStoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { inherited } from '../../wrappers/inherited.js'
import { newSeed, type Random, random } from '../oracle/random.js'

type Thing = { id: number } & Record<string, unknown>
type Types = Map<string, readonly string[]>
type Stores = Map<string, Store>
/** What is stored, by id. */
type Model = Map<number, { readonly type: string; readonly object: Thing }>

const runs = process.env.GATE ? 1000 : 100

describe('inherited, random hierarchies', () => {
  const seed = newSeed()
  for (const [name, open, count] of [
    ['memory', () => memory(), runs],
    ['sqlite', () => sqlite({ path: ':memory:' }), runs / 20],
  ] as const) {
    it(`${count} over ${name} equal a Map, SEED=${seed}`, async () => {
      for (let run = 0; run < count; run++) await compareOne(open(), random(seed + run))
    })
  }
})

async function compareOne(inner: Store, chance: Random): Promise<void> {
  const types = randomTypes(chance)
  const names = shuffled([...types.keys()], chance)
  const stores: Stores = new Map(
    names.map(type => [type, inherited(inner, { type, extends: types.get(type) as readonly string[] })]),
  )
  let model: Model = new Map()
  for (let step = 0; step < 40; step++) {
    model = chance.chance(0.1)
      ? await together(stores, types, model, chance)
      : await apply(stores, types, model, chance)
    if (step % 20 === 10) await compare(stores, types, model)
  }
  await compare(stores, types, model)
  await inner.close?.()
}

/** Each type extends some of those before it. */
function randomTypes(chance: Random): Types {
  const types: Types = new Map()
  const count = 1 + chance.below(7)
  for (let n = 0; n < count; n++)
    types.set(
      `type ${n}`,
      [...types.keys()].filter(() => chance.chance(0.35)),
    )
  return types
}

function shuffled<I>(items: I[], chance: Random): I[] {
  return items
    .map(item => [chance.next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

/** Is the type the other one, or below it on any way up? */
function isUnder(type: string, other: string, types: Types): boolean {
  return type === other || (types.get(type) ?? []).some(above => isUnder(above, other, types))
}

const names = ['p', '$type', '$$type', '__proto__', 'type']
const values = [1, 2, 'type 0', 'type 1', 'x']

function randomObject(chance: Random): Thing {
  const object: Thing = { id: chance.below(6) }
  for (const name of shuffled([...names], chance)) {
    const own = { value: chance.pick(values), enumerable: true, writable: true, configurable: true }
    if (chance.chance(0.4)) Object.defineProperty(object, name, own)
  }
  return object
}

/** One random write through one type, which both refuse by the same name, or both do. */
async function apply(stores: Stores, types: Types, model: Model, chance: Random): Promise<Model> {
  const type = chance.pick([...stores.keys()])
  const store = stores.get(type) as Required<Store>
  const object = randomObject(chance)
  const { id } = object
  const stored = model.get(id)
  const found = stored && isUnder(stored.type, type, types) ? stored : undefined
  const ifMatch = chance.chance(0.2) ? etag(chance.chance(0.5) && stored ? stored.object : object) : undefined
  const matches = ifMatch === undefined || (found !== undefined && etag(found.object) === ifMatch)

  const next = new Map(model)
  const method = chance.pick(['put', 'put', 'add', 'delete'] as const)
  if (method === 'delete') {
    if (!matches) return refused('PreconditionFailedError', () => store.delete(id, { ifMatch }), model)
    assert.equal(await store.delete(id, { ifMatch }), found !== undefined)
    if (found) next.delete(id)
    return next
  }
  const call = () => store[method](object, { ifMatch })
  if (method === 'add' && stored) return refused('ConstraintError', call, model)
  if (!matches) return refused('PreconditionFailedError', call, model)
  if (stored && !found) return refused('ConstraintError', call, model)
  assert.equal(await call(), id)
  return next.set(id, { type: found?.type ?? type, object })
}

async function refused<M>(name: string, call: () => unknown, model: M): Promise<M> {
  try {
    await call()
  } catch (error) {
    assert.ok(isStoreError(error), String(error))
    assert.equal(error.name, name)
    return model
  }
  return assert.fail(`expected a ${name}`)
}

/** Some writes in one transaction over all types, which is committed or not. */
async function together(stores: Stores, types: Types, model: Model, chance: Random): Promise<Model> {
  const reason = new Error('aborted')
  let inside = model
  try {
    await transaction([...stores.values()], async txs => {
      const within = new Map([...stores.keys()].map((type, at) => [type, txs[at] as Store]))
      for (let left = chance.below(6); left > 0; left--) inside = await apply(within, types, inside, chance)
      await compare(within, types, inside)
      if (chance.chance(0.3)) throw reason
    })
  } catch (error) {
    if (error !== reason) throw error
    inside = model
  }
  return inside
}

const queries: Record<string, (all: Thing[]) => unknown[]> = {
  '': all => all,
  'p=1': all => all.filter(({ p }) => p === 1),
  '$type=type%200': all => all.filter(({ $type }) => $type === 'type 0'),
  'p=1|$$type=x': all => all.filter(each => each.p === 1 || each.$$type === 'x'),
  'sort(-id)&limit(2)': all => all.toReversed().slice(0, 2),
  'values($type)&limit(1)': all =>
    all
      .map(({ $type }) => $type)
      .filter(value => value !== undefined)
      .slice(0, 1),
}

async function compare(stores: Stores, types: Types, model: Model): Promise<void> {
  for (const [type, store] of stores) {
    const own = [...model.values()].filter(stored => isUnder(stored.type, type, types)).map(({ object }) => object)
    own.sort((a, b) => a.id - b.id)
    for (let id = 0; id < 6; id++)
      assert.deepEqual(
        await store.get?.(id),
        own.find(each => each.id === id),
      )
    for (const [query, answer] of Object.entries(queries)) {
      const found: Thing[] = []
      for await (const each of store.query?.(query) ?? []) found.push(each)
      assert.deepEqual(found, answer(own), query)
      assert.deepEqual(
        found.map(Object.keys),
        answer(own).map(each => Object.keys(each as object)),
        query,
      )
      assert.equal(await store.count?.(query), found.length, query)
    }
  }
}
