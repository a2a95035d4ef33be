import { expect } from 'chai'
import { type Expression, expression } from '../../lib/query/expression.js'
import type { Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { fullText, type SearchHit } from '../../wrappers/full-text.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { fields, type Note, randomNote, randomText, scoreOf } from './full-text/brute-force.js'

const [corpora, queries] = process.env.GATE ? [2000, 50] : [250, 20]
const rounds = 10
const ids = ['a', 'b', 'c', 1, 2, 30, '2', '30', 'x/y', '__proto__', 'ß', 7, 8, 9, 'd', 'e', 'f', 'g']

const key = (id: Id) => String(id)
/** Integers first, by value; then by code point, which here is the order of code units. */
const byId = (a: Note, b: Note) => {
  const [x, y] = [Number(a.id), Number(b.id)]
  if (Number.isNaN(x) || Number.isNaN(y))
    return Number.isNaN(x) && Number.isNaN(y) ? (a.id < b.id ? -1 : 1) : Number.isNaN(x) ? 1 : -1
  return x - y
}

type Searchable = Pick<Required<Store<Note>>, 'query' | 'count'> & {
  search(text: string, options?: object): Iterable<SearchHit<Note>> | AsyncIterable<SearchHit<Note>>
}

async function compareSearch(store: Searchable, notes: readonly Note[], chance: Random): Promise<void> {
  const text = randomText(chance, 4)
  const asked = chance.chance(0.5) ? fields : fields.filter(() => chance.chance(0.5))
  const least = chance.below(10)
  const limit = chance.pick([Infinity, Infinity, 0, 1, 3])
  const filter = chance.chance(0.4) ? `n>=${least}` : undefined
  const expected = notes
    .filter(({ n }) => filter === undefined || n >= least)
    .map(object => ({ object, score: scoreOf(object, text, asked) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || byId(a.object, b.object))
    .slice(0, limit)
  const found = await all(store.search(text, { fields: asked, limit, filter }))
  const message = JSON.stringify({ text, asked, filter })
  expect(
    found.map(({ id, score }) => ({ id, score })),
    message,
  ).to.deep.equal(expected.map(({ object, score }) => ({ id: object.id, score })))
  expect(
    found.map(({ object }) => object),
    message,
  ).to.deep.equal(expected.map(({ object }) => object))
}

async function compareQuery(store: Searchable, notes: readonly Note[], chance: Random): Promise<void> {
  const { asked, holds } = randomCondition(chance, 3)
  const sorted = [...notes]
    .filter(holds)
    .sort(byId)
    .sort((a, b) => b.n - a.n)
  const query = expression('and', asked, expression('sort', '-n'), expression('limit', 5))
  expect(
    (await all(store.query(query))).map(({ id }) => id),
    JSON.stringify(asked),
  ).to.deep.equal(sorted.slice(0, 5).map(({ id }) => id))
  expect(await store.count(asked)).to.equal(sorted.length)
}

interface Condition {
  readonly asked: Expression
  holds(note: Note): boolean
}

function randomCondition(chance: Random, depth: number): Condition {
  const kind = chance.next()
  if (depth > 0 && kind < 0.4) {
    const parts = Array.from({ length: 1 + chance.below(3) }, () => randomCondition(chance, depth - 1))
    const name = chance.pick(['and', 'or'] as const)
    const holds = (note: Note) =>
      name === 'and' ? parts.every(part => part.holds(note)) : parts.some(part => part.holds(note))
    return { asked: expression(name, ...parts.map(({ asked }) => asked)), holds }
  }
  if (depth > 0 && kind < 0.5) {
    const part = randomCondition(chance, depth - 1)
    return { asked: expression('not', part.asked), holds: note => !part.holds(note) }
  }
  if (kind < 0.65) {
    const most = chance.below(10)
    return { asked: expression('lt', 'n', most), holds: ({ n }) => n < most }
  }
  const text = randomText(chance, 2)
  const field = chance.pick(fields)
  if (chance.chance(0.5)) return { asked: expression('match', text), holds: note => scoreOf(note, text) > 0 }
  return { asked: expression('match', field, text), holds: note => scoreOf(note, text, [field]) > 0 }
}

async function all<T>(found: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const each of found) list.push(each)
  return list
}

/** Some puts and deletes, on the store and on the map. */
async function change(store: Pick<Required<Store<Note>>, 'put' | 'delete'>, notes: Map<string, Note>, chance: Random) {
  for (let left = 1 + chance.below(8); left > 0; left--) {
    const id = chance.pick(ids)
    if (chance.chance(0.25)) {
      expect(await store.delete(id)).to.equal(notes.delete(key(id)))
    } else {
      const note = randomNote(chance, id)
      await store.put(note)
      notes.set(key(id), note)
    }
  }
}

/** One corpus, changed again and again, outside transactions and in them; what has been committed is compared each time. */
async function run(inner: Store<Note>, chance: Random): Promise<void> {
  let notes = new Map<string, Note>()
  await change(inner as Required<Store<Note>>, notes, chance)
  const store = await fullText(inner as Required<Store<Note>>, { fields })
  for (let round = 0; round < rounds; round++) {
    for (let query = 0; query < queries / rounds / 2; query++) {
      await compareSearch(store, [...notes.values()], chance)
      await compareQuery(store, [...notes.values()], chance)
    }
    if (chance.chance(0.5)) {
      await change(store, notes, chance)
      continue
    }
    const tx = await store.transaction()
    const inside = new Map(notes)
    await change(tx as never, inside, chance)
    await compareSearch(tx as never, [...inside.values()], chance)
    await compareQuery(tx as never, [...inside.values()], chance)
    await compareSearch(store, [...notes.values()], chance)
    if (chance.chance(0.5)) {
      await tx.commit()
      notes = inside
    } else {
      await tx.abort()
    }
  }
  await store.close()
}

describe('fullText finds what a scan of all objects finds', () => {
  const seed = newSeed()
  const { path, clear } = folder()

  it(`in ${corpora} corpora, SEED=${seed}`, async () => {
    for (let corpus = 0; corpus < corpora; corpus++) await run(memory<Note>(), random(seed + corpus))
  }).timeout(300_000)

  it(`over SQLite, SEED=${seed}`, async () => {
    for (let corpus = 0; corpus < corpora / 50; corpus++) {
      await run(sqlite({ path: path('notes.db'), table: 'notes' }) as Store<Note>, random(seed + corpus))
      clear()
    }
  }).timeout(300_000)
})
