import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { isStoreError } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type History, history, type Selection } from '../../wrappers/history.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { type Happened, type List, list, type Thing, type Things } from './history/list.js'

type Subject = Required<Store<Thing, number>> & History<Thing, number>

const scripts = process.env.GATE ? 10_000 : 500
const longest = process.env.GATE ? 30 : 16
const ids = [1, 2, 3]

describe('history, random scripts', function () {
  this.timeout(scripts * 60)
  const files = folder()
  const seed = newSeed()

  it(`${scripts} are as a plain list, SEED=${seed}`, async () => {
    for (let script = 0; script < scripts; script++) {
      await run(history(memory<Thing, number>(), { log: memory() }) as Subject, random(seed + script))
    }
  })

  it(`and so over SQLite, SEED=${seed}`, async () => {
    for (let script = 0; script < scripts / 100; script++) {
      const [objects, log] = ['objects', 'log'].map(table =>
        sqlite<Thing, number>({ path: files.path(`${script}.db`), table, durability: 'relaxed' }),
      )
      const store = history(objects as Store<Thing, number>, { log: log as Store }) as Subject
      await run(store, random(seed + script))
      await store.close()
    }
  })
})

async function run(store: Subject, chance: Random): Promise<void> {
  const model = list()
  store.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
  for (let steps = 4 + chance.below(longest); steps > 0; steps--) {
    const actor = chance.pick(['ann', 'bob'])
    const direction = chance.pick(['undo', 'redo'] as const)
    if (chance.chance(0.5)) await write(store, model, actor, chance)
    else await turn(store, model, direction, selection(model, chance), actor)
    compare(model.things, await all(store), await all(store, 'p=1'), await all(store, 'u>=0'))
  }
  const records = await all({ query: () => store.changes() })
  assert.deepEqual(
    records.map(({ sequence, transaction }) => [sequence, transaction]),
    model.happened.map(({ transaction }, place) => [place + 1, transaction]),
  )
  assert.deepEqual(inOrder(records), inOrder(model.happened))
  const ends = model.happened.map(({ transaction }) => transaction - 1)
  for (const number of new Set([...ends, model.happened.length])) {
    if (chance.chance(0.8)) continue
    const then = store.at(number)
    compare(model.at(number), await all(then), await all(then, 'p=1'), await all(then, 'u>=0'))
    for (const id of ids) assert.deepEqual(await then.get(id), model.at(number).get(id))
    assert.deepEqual(
      (await store.diff(number, model.happened.length)).map(({ id }) => id),
      ids.filter(id => !isDeepStrictEqual(model.at(number).get(id), model.things.get(id))),
    )
  }
}

/** What is undone together may go back in any order. */
function inOrder(records: readonly (Thing | Happened)[]): unknown[] {
  return (records as readonly Happened[])
    .map(({ transaction, id, actor, undoes, redoes }) => [transaction, id, actor, undoes, redoes])
    .sort(([a, b], [c, d]) => Number(a) - Number(c) || Number(b) - Number(d))
}

async function write(store: Subject, model: List, actor: string, chance: Random): Promise<void> {
  const written = chance.chance(0.5) ? [chance.pick(ids)] : ids.filter(() => chance.chance(0.6))
  const writes = written.map(id => {
    if (chance.chance(0.2)) return { id, next: undefined }
    const next: Thing = { ...(model.things.get(id) ?? { id }) }
    for (const [name, below] of Object.entries({ p: 2, q: 3, u: 4 })) {
      if (chance.chance(0.4)) next[name] = chance.below(below)
      else if (chance.chance(0.1)) delete next[name]
    }
    return { id, next }
  })
  const each = async (target: Pick<Required<Store<Thing, number>>, 'put' | 'delete'>) => {
    // values that must be unique may change hands in a transaction: nobody has them in between
    for (const { id } of writes.length > 1 ? writes : []) await target.delete(id, { actor })
    for (const { id, next } of writes) await (next ? target.put(next, { actor }) : target.delete(id, { actor }))
  }
  const deleted = writes.length > 1 ? writes.map(({ id }) => ({ id, next: undefined })) : []
  const refused = model.write([...deleted, ...writes], actor)
  const [first] = writes
  const begin = writes.length === 1 && first ? () => each(store) : () => transaction(store, each)
  assert.deepEqual(await nameOf(begin), refused)
}

function selection(model: List, chance: Random): Selection<number> {
  const some = chance.next()
  if (some < 0.3) return {}
  if (some < 0.6) return { id: chance.pick(ids) }
  if (some < 0.8) return { actor: chance.pick(['ann', 'bob']) }
  const transaction = model.happened.length > 0 ? chance.pick(model.happened).transaction : undefined
  return { transaction }
}

async function turn(
  store: Subject,
  model: List,
  direction: 'undo' | 'redo',
  chosen: Selection<number>,
  actor: string,
): Promise<void> {
  const refused = model.turn(direction, chosen, actor)
  assert.deepEqual(await nameOf(() => store[direction](chosen, { actor })), refused)
}

async function nameOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (isStoreError(error)) return error.name
    throw error
  }
}

async function all(store: Pick<Store, 'query'>, query?: string): Promise<Thing[]> {
  const found: Thing[] = []
  for await (const each of store.query?.(query) ?? []) found.push(each)
  return found
}

function compare(things: Things, found: Thing[], indexed: Thing[], unique: Thing[]): void {
  const expected = [...things.values()].sort((a, b) => Number(a.id) - Number(b.id))
  assert.deepEqual(found, expected)
  assert.deepEqual(
    indexed,
    expected.filter(({ p }) => p === 1),
  )
  assert.deepEqual(
    unique,
    expected.filter(({ u }) => u !== undefined),
  )
}
