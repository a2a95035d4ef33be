/** Random graphs of links, and deletions in them: always what the oracle says, and never half. */
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { database } from '../../models/database.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type Call, failing } from '../../wrappers/failing.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { deleted, type Objects, type OnDelete, type OracleLink } from './links-oracle.js'

type Shape = Map<string, OracleLink[]>

/** How many graphs of objects there are for each graph of models: schemas are compiled, which takes most of the time. */
const rounds = 5

function randomShape({ below, pick, chance }: Random): Shape {
  const names = ['a', 'b', 'c', 'd'].slice(0, 1 + below(4))
  const rules: OnDelete[] = ['restrict', 'cascade', 'cascade', 'detach', 'detach', undefined]
  const shape: Shape = new Map()
  for (const name of names) {
    const links = Array.from({ length: below(4) }, (_, at) => {
      const many = chance(0.4)
      return { rel: `r${at}`, property: `p${at}`, to: pick(names), many, onDelete: pick(rules) }
    })
    shape.set(name, links)
  }
  return shape
}

function randomObjects(shape: Shape, { below, chance }: Random): Objects {
  const names = [...shape.keys()]
  const size = new Map(names.map(name => [name, 1 + below(5)]))
  const objects: Objects = new Map()
  for (const name of names) {
    const own = new Map<number, Record<string, unknown>>()
    for (let id = 0; id < (size.get(name) as number); id++) {
      const object: Record<string, unknown> = { id }
      for (const { property, to, many } of shape.get(name) as OracleLink[]) {
        const end = size.get(to) as number
        if (chance(0.3)) continue
        object[property] = many ? [...new Set(Array.from({ length: below(3) }, () => below(end)))] : below(end)
      }
      own.set(id, object)
    }
    objects.set(name, own)
  }
  return objects
}

interface Tools {
  add(object: object): unknown
  delete(id: number): unknown
}
/** A database as one that knows no types. */
interface Plain {
  // biome-ignore lint/suspicious/noExplicitAny: of any model
  [name: string]: any
  transaction(work: (txs: Record<string, Tools>) => unknown): Promise<unknown>
}

function open(shape: Shape, storeOf: (name: string) => Store): { db: Plain; stores: Map<string, Store> } {
  const stores = new Map([...shape.keys()].map(name => [name, storeOf(name)]))
  const models = [...shape].map(([name, links]) => {
    const properties = links.map(({ property, many }) => [property, many ? Array : Number])
    const definition = {
      properties: Object.fromEntries(properties),
      links: links.map(({ rel, property, to, onDelete }) => ({ rel, href: `/${to}/{${property}}`, onDelete })),
    }
    return [name, Model(stores.get(name) as Required<Store>, definition as object)]
  })
  return { db: database(Object.fromEntries(models)) as never, stores }
}

async function stored(stores: ReadonlyMap<string, Store>): Promise<Objects> {
  const all: Objects = new Map()
  for (const [name, store] of stores) {
    const own = new Map<number, Record<string, unknown>>()
    for await (const object of store.query?.() ?? []) own.set(object.id, { ...object })
    all.set(name, own)
  }
  return all
}

/** A comparison of Maps takes longer than all the rest. */
function same(found: Objects, expected: Objects, about: string): void {
  const text = (objects: Objects) => JSON.stringify([...objects].map(([name, own]) => [name, ...own.values()]))
  if (text(found) !== text(expected)) expect(found, about).to.deep.equal(expected)
}

/** Graphs of one shape, and deletions in them, each compared with the oracle. */
async function run(seed: number, storeOf: (name: string, call: (call: Call) => boolean) => Store): Promise<void> {
  const dice = random(seed)
  const shape = randomShape(dice)
  let countdown = Infinity
  const fails = ({ method }: Call) => method !== 'commit' && method !== 'abort' && countdown-- === 0
  const { db, stores } = open(shape, name => storeOf(name, fails))
  for (let round = 0; round < rounds; round++) {
    let now = randomObjects(shape, dice)
    for (const [name, own] of await stored(stores)) for (const id of own.keys()) await stores.get(name)?.delete?.(id)
    await db.transaction(async txs => {
      for (const [name, own] of now) for (const each of own.values()) await txs[name]?.add(each)
    })
    same(await stored(stores), now, 'loaded')
    for (let step = 0; step < 3; step++) {
      const targets = Array.from({ length: 1 + (dice.chance(0.4) ? dice.below(3) : 0) }, () => {
        const name = dice.pick([...shape.keys()])
        return [name, dice.below(5)] as const
      })
      const [name, id] = targets[0] as (typeof targets)[0]
      const after = deleted(now, shape, targets)
      const how = targets.length > 1 ? 'together' : dice.pick(['alone', 'instance', 'model', 'together', 'aborted'])
      countdown = dice.chance(0.3) ? dice.below(12) : Infinity
      let error: unknown
      try {
        if (how === 'alone') await db[name].delete(id)
        else if (how === 'instance') await (await db[name].get(id))?.delete()
        else if (how === 'model') {
          const tx = await db[name].transaction()
          try {
            await tx.delete(id)
            await tx.commit()
          } catch (cause) {
            await Promise.resolve()
              .then(() => tx.abort())
              .catch(() => {})
            throw cause
          }
        } else {
          await db.transaction(async txs => {
            for (const [name, id] of targets) await txs[name]?.delete(id)
            if (how === 'aborted') throw new Error('aborted')
          })
        }
      } catch (cause) {
        error = cause
      }
      const failed = countdown < 0
      countdown = Infinity
      const about = `round ${round}, step ${step}: ${how} ${targets.join(' ')}`
      if (how === 'aborted' || failed) expect(error, about).to.be.instanceOf(Error)
      else if (after) expect(error, about).to.equal(undefined)
      else expect(isStoreError(error, 'ConstraintError'), `${about}: ${error}`).to.equal(true)
      if (!error && after) now = after
      same(await stored(stores), now, about)
    }
  }
}

describe('random links', () => {
  const seed = newSeed()

  async function runAll(count: number, storeOf: Parameters<typeof run>[1]) {
    for (let graph = 0; graph < count; graph++) {
      try {
        await run(seed + graph, storeOf)
      } catch (error) {
        ;(error as Error).message = `SEED=${seed + graph}: ${(error as Error).message}`
        throw error
      }
    }
  }

  it(`are always as the oracle says, whole or not at all (SEED=${seed})`, async function () {
    this.timeout(600_000)
    await runAll((process.env.GATE ? 20_000 : 600) / rounds, (_, fails) =>
      failing(memory(), { when: call => (fails(call) ? 'before' : undefined) }),
    )
  })

  it(`over SQLite too (SEED=${seed})`, async function () {
    this.timeout(600_000)
    for (let graph = 0; graph < (process.env.GATE ? 200 : 10); graph++) {
      const file = new Sqlite(':memory:')
      await run(seed + graph, (table, fails) =>
        failing(sqlite({ database: file, table }), { when: call => (fails(call) ? 'before' : undefined) }),
      )
      file.close()
    }
  })
})
