/** Random operations on a store, compared with a plain `Map` after each. The seed is printed; `SEED=… npm test` replays it. */
import assert from 'node:assert/strict'
import { isStoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import type { MaybePromise, Store, Transaction } from '../../lib/store.js'
import { expected, type Thing } from './model.js'
import { newSeed, type Random, random } from './random.js'

const idPool = ['a', 'b', 'c', 1, 2, 30, '2', 'x/y', '__proto__']
const valuePool = [null, true, 1, 2.5, 3n, 'x', 'y', '', new Date(5), [1, 'x'], { deep: { er: 1 } }, Uint8Array.of(7)]

export interface OracleOptions {
  readonly runs?: number
  readonly operations?: number
  /** Closes the store and opens it again, at random times. */
  reopen?(store: Store): MaybePromise<Store>
  clean?(): MaybePromise<void>
}

/** Describes random runs on stores that `open` gives. */
export function oracle(name: string, open: () => MaybePromise<Store>, options: OracleOptions = {}): void {
  const { runs = 10, operations = 200, reopen, clean } = options
  const seed = newSeed()
  describe(`${name}, random operations`, () => {
    for (let run = 0; run < runs; run++) {
      it(`equals a Map, SEED=${seed + run}`, async () => {
        const chance = random(seed + run)
        let store = await open()
        let model = new Map<string, Thing>()
        try {
          store.setSchema?.({ properties: { p: { index: true }, u: { unique: true } } })
          for (let step = 0; step < operations; step++) {
            if (reopen && chance.chance(0.02)) store = await reopen(store)
            model = chance.chance(0.15) ? await transacted(store, model, chance) : await apply(store, model, chance)
            if (step % 10 === 0) await compare(store, model, chance)
          }
          await compare(store, model, chance)
        } finally {
          await store.close?.()
          await clean?.()
        }
      })
    }
  })
}

type Writable = Pick<Store<Thing>, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count'>

async function transacted(store: Store, model: Map<string, Thing>, chance: Random): Promise<Map<string, Thing>> {
  const tx = (await store.transaction?.()) as Transaction
  let inside = new Map(model)
  for (let left = chance.below(8); left > 0; left--) inside = await apply(tx, inside, chance)
  await compare(tx, inside, chance)
  await compare(store, model, chance, 0.2)
  if (chance.chance(0.3)) {
    await tx.abort()
    return model
  }
  await tx.commit()
  return inside
}

/** One random write on the store and on the model: both refuse it by the same name, or both do it. */
async function apply(store: Writable, model: Map<string, Thing>, chance: Random): Promise<Map<string, Thing>> {
  const id = chance.pick(idPool)
  const key = String(id)
  const stored = model.get(key)
  const holderOf = (object: Thing) =>
    [...model].find(([other, { u }]) => other !== key && u !== undefined && u !== null && u === object.u)
  const object: Thing = { id }
  for (const name of ['p', 'q', '__proto__']) {
    if (chance.chance(0.6)) Object.defineProperty(object, name, { ...own, value: chance.pick(valuePool) })
  }
  if (chance.chance(0.3)) object.u = chance.below(6)
  const ifMatch = chance.chance(0.2) ? etag(chance.chance(0.5) && stored ? stored : object) : undefined
  const matches = ifMatch === undefined || (stored !== undefined && etag(stored) === ifMatch)

  const next = new Map(model)
  const method = chance.pick(['put', 'put', 'add', 'delete'] as const)
  if (method === 'delete') {
    if (!matches) return refusedBy('PreconditionFailedError', store.delete?.bind(store, id, { ifMatch }), model)
    assert.equal(await store.delete?.(id, { ifMatch }), next.delete(key))
    return next
  }
  const call = () => store[method]?.(object, { ifMatch })
  if (method === 'add' && stored) return refusedBy('ConstraintError', call, model)
  if (!matches) return refusedBy('PreconditionFailedError', call, model)
  if (holderOf(object)) return refusedBy('ConstraintError', call, model)
  assert.equal(await call(), id)
  return next.set(key, object)
}

const own = { enumerable: true, writable: true, configurable: true }

async function refusedBy<M>(name: string, call: (() => unknown) | undefined, model: M): Promise<M> {
  try {
    await call?.()
  } catch (error) {
    assert.ok(isStoreError(error), String(error))
    assert.equal(error.name, name)
    return model
  }
  return assert.fail(`expected a ${name}`)
}

const queries = [
  '',
  'p=1',
  'p>0&p<=3',
  'sort(p)',
  'sort(-q)&limit(3)',
  'p=x|q=y',
  'in(p,(x,y,1))',
  'not(exists(p))',
  'u>=2&sort(-u)',
]

async function compare(store: Writable, model: Map<string, Thing>, chance: Random, share = 1): Promise<void> {
  for (const id of idPool) if (chance.chance(share)) assert.deepEqual(await store.get?.(id), model.get(String(id)))
  for (const query of queries) {
    if (!chance.chance(share)) continue
    const found: Thing[] = []
    for await (const each of store.query?.(query) ?? []) found.push(each)
    assert.deepEqual(found, expected(query, model), query)
    assert.equal(await store.count?.(query), found.length, query)
  }
}
