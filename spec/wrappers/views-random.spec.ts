import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { views } from '../../wrappers/views.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { type Asked, type Emitting, inOrder, keyOf, recomputed, type Thing } from './views/recomputed.js'

const ids = ['a', 'b', 'c', 1, 2, 30, '2', '30', 'x/y', '__proto__']
const values = [
  null,
  false,
  true,
  0,
  1,
  -2.5,
  3n,
  '',
  'x',
  'y',
  new Date(0),
  [0, 'x'],
  [0],
  [],
  [null],
  Uint8Array.of(7),
]
const bounds = [undefined, undefined, ...values]

/** Emits nothing, once, or more often, also the same key again. */
const emits: Record<string, Emitting> = {
  one: ({ a, b }) => [[a, b]],
  some: ({ a, b }) =>
    b === undefined
      ? []
      : [
          [a, 1],
          [b, 2],
          [a, 3],
        ],
  each: ({ a, b, id }) => [a, b].flatMap(list => (Array.isArray(list) ? list.map(each => [each, id] as const) : [])),
}
const definitions = Object.fromEntries(
  Object.entries(emits).map(([name, emit]) => [
    name,
    {
      map(thing: Thing, add: (key: unknown, value: unknown) => void) {
        for (const [key, value] of emit(thing)) add(key, value)
      },
      reduce: (keys: readonly unknown[], values: readonly unknown[]) => [keys, values],
    },
  ]),
)

function randomThing(chance: Random): Thing {
  return {
    id: chance.pick(ids),
    ...(chance.chance(0.8) && { a: chance.pick(values) }),
    ...(chance.chance(0.7) && { b: chance.pick(values) }),
  }
}

interface Viewable {
  view(name: string, options?: object): unknown
}

interface Page {
  readonly rows: readonly { readonly key: unknown; readonly value: unknown; readonly object?: unknown }[]
  readonly cursor: string | null
}

async function compare(store: Viewable, things: ReadonlyMap<unknown, Thing>, chance: Random): Promise<void> {
  const name = chance.pick(Object.keys(emits))
  const descending = chance.chance(0.5)
  const [one, other] = [chance.pick(bounds), chance.pick(bounds)]
  const turned = one !== undefined && other !== undefined && inOrder(one, other) > 0
  const asked: Asked = { low: turned ? other : one, high: turned ? one : other, descending }
  const expected = recomputed(things.values(), emits[name] as Emitting, asked)
  const options = {
    startKey: descending ? asked.high : asked.low,
    endKey: descending ? asked.low : asked.high,
    descending,
  }
  const page = (more: object) => store.view(name, { ...options, ...more }) as Promise<Page>
  const start = chance.below(4)
  expect((await page({ start })).rows).to.deep.equal(expected.slice(start))
  // page by page
  const limit = 1 + chance.below(4)
  const found: unknown[] = []
  let cursor: string | null = null
  for (let pages = 0; pages === 0 || cursor !== null; pages++) {
    const next: Page = await page({ limit, cursor, includeObjects: true })
    expect(next.rows.length, 'a cursor leads to something').to.be.greaterThan(pages === 0 ? -1 : 0)
    found.push(...next.rows)
    cursor = next.cursor
  }
  expect(found).to.deep.equal(expected.map(row => ({ ...row, object: things.get(keyOf(row.id)) })))
  // reduced
  const [keys, all] = [expected.map(({ key }) => key), expected.map(({ value }) => value)]
  const whole = keys.length > 0 ? [{ key: null, value: [keys, all] }] : []
  expect((await page({ reduce: true })).rows).to.deep.equal(whole)
  const groups: { readonly key: unknown; readonly value: unknown[][] }[] = []
  for (const { key, value } of expected) {
    const last = groups.at(-1)
    const group = last && inOrder(last.key, key) === 0 ? last : { key, value: [[], []] }
    if (group !== last) groups.push(group)
    group.value[0]?.push(key)
    group.value[1]?.push(value)
  }
  expect((await page({ group: true })).rows).to.deep.equal(groups)
}

async function change(store: Pick<Store, 'put' | 'delete'>, things: Map<unknown, Thing>, chance: Random) {
  for (let left = 1 + chance.below(5); left > 0; left--) {
    const thing = randomThing(chance)
    if (chance.chance(0.3)) {
      expect(await store.delete?.(thing.id)).to.equal(things.delete(keyOf(thing.id)))
    } else {
      await store.put?.(thing)
      things.set(keyOf(thing.id), thing)
    }
  }
}

async function run(inner: Required<Store>, chance: Random): Promise<void> {
  let things = new Map<unknown, Thing>()
  await change(inner, things, chance)
  const store = await views(inner, definitions as never)
  const viewed = store as unknown as Viewable
  for (let round = 0; round < 4; round++) {
    await compare(viewed, things, chance)
    if (chance.chance(0.1)) await store.rebuild(chance.chance(0.5) ? undefined : ('one' as never))
    if (chance.chance(0.5)) {
      await change(store, things, chance)
      if (chance.chance(0.3)) await new Promise(setImmediate)
      continue
    }
    const tx = (await store.transaction()) as Required<Awaited<ReturnType<typeof store.transaction>>>
    const inside = new Map(things)
    await change(tx, inside, chance)
    await compare(tx as unknown as Viewable, inside, chance)
    if (chance.chance(0.5)) await change(tx, inside, chance)
    await compare(viewed, things, chance)
    await compare(tx as unknown as Viewable, inside, chance)
    if (chance.chance(0.5)) {
      await tx.commit()
      things = inside
    } else {
      await tx.abort()
    }
  }
  await compare(viewed, things, chance)
  await store.close()
}

describe('views equal recomputation', () => {
  const seed = newSeed()
  const { path, clear } = folder()
  const sequences = process.env.GATE ? 10_000 : 500

  it(`in ${sequences} random sequences, SEED=${seed}`, async () => {
    for (let sequence = 0; sequence < sequences; sequence++) {
      await run(memory() as Required<Store>, random(seed + sequence))
    }
  }).timeout(300_000)

  it(`over SQLite, SEED=${seed}`, async () => {
    for (let sequence = 0; sequence < sequences / 50; sequence++) {
      await run(sqlite({ path: path('things.db'), table: 'things' }) as Required<Store>, random(seed + sequence))
      clear()
    }
  }).timeout(300_000)
})
