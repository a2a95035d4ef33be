import { expect } from 'chai'
import { compare } from '../../lib/order.js'
import type { Datastore, Emit, View } from '../../models/datastore.js'
import { memory } from '../../stores/memory.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { type Documents, opening, refusal } from './datastore/open.js'

type Rows = { key: unknown; value: unknown; documentKey: string }[]

const byTag: View<Documents[string]> = {
  map(document, emit) {
    for (const tag of (document.tags as unknown[]) ?? []) emit(tag, document.n)
  },
  reduce: 'sum',
}
const byRevision: View<Documents[string]> = { map: (document, emit) => emit([document._rev > 2, document.n ?? null]) }

describe('datastore, views', () => {
  const { open } = opening()

  it('has rows for what is there, and keeps them up', async () => {
    const datastore = await open()
    await datastore.setItem('a', { n: 1, tags: ['x', 'y', 0, '', null, { deep: [1] }] })
    datastore.setView('byTag', byTag)
    expect([datastore.hasView('byTag'), datastore.hasView(''), datastore.hasView('toString')]).to.deep.equal([
      true,
      false,
      false,
    ])
    await datastore.setItem('b', { n: 2, tags: ['x'] })
    const keys = async () => (await datastore.queryView('byTag', { limit: 20 })).items.map(({ key }) => key)
    expect(await keys()).to.deep.equal([null, 0, '', 'x', 'x', 'y', { deep: [1] }])
    for (const key of [0, '', null, { deep: [1] }]) {
      expect((await datastore.queryView('byTag', { key })).items, String(key)).to.deep.equal([
        { key, value: 1, documentKey: 'a' },
      ])
    }
    await datastore.updateItem('a', document => ({ ...document, tags: ['z'] }))
    await datastore.deleteItem('b')
    expect(await keys()).to.deep.equal(['z'])
    await datastore.setItems([
      ['c', { n: 5, tags: ['z'] }],
      ['d', { n: 6, tags: ['z'] }],
    ])
    expect((await datastore.queryView<null, number>('byTag', { reduce: true })).items).to.deep.equal([
      { key: null, value: 12 },
    ])
    const { items } = await datastore.queryView('byTag', { key: 'z', includeDocuments: true, descending: true })
    expect(items.map(({ document }) => document.n)).to.deep.equal([6, 5, 1])
  })

  it('groups, page by page', async () => {
    const datastore = await open({ store: memory() })
    datastore.setView('byTag', byTag)
    for (let n = 0; n < 6; n++) await datastore.setItem(`${n}`, { n, tags: [n % 3, 'all'] })
    const first = await datastore.queryView('byTag', { group: true, limit: 2 })
    expect(first.items).to.deep.equal([
      { key: 0, value: 3 },
      { key: 1, value: 5 },
    ])
    const second = await datastore.queryView('byTag', { group: true, limit: 2, cursor: first.cursor })
    expect(second.items).to.deep.equal([
      { key: 2, value: 7 },
      { key: 'all', value: 15 },
    ])
    expect(second.exclusiveEndIndex).to.equal(null)
  })

  it('a map that fails spoils its view alone, until the document is changed', async () => {
    const datastore = await open()
    datastore.setView('dates', { map: (document, emit) => emit((document.createdAt as string).split('T')[0]) })
    datastore.setView('byTag', byTag)
    await datastore.setItem('a', { tags: ['x'] })
    const error = await refusal(datastore.queryView('dates'))
    expect([error.name, error.id]).to.deep.equal(['InvalidStateError', 'a'])
    expect((await datastore.queryView('byTag')).items).to.have.length(1)
    await datastore.updateItem('a', document => ({ ...document, createdAt: '2024-01-31T10' }))
    expect((await datastore.queryView('dates')).items).to.deep.equal([
      { key: '2024-01-31', value: null, documentKey: 'a' },
    ])
  })

  it('a map can neither change what is stored nor write', async () => {
    const datastore = await open()
    datastore.setView('evil', {
      map(document, emit) {
        document.n = 5
        expect(() => (document.tags as string[]).push('mine')).to.throw(TypeError)
        emit('n', document.n)
      },
    })
    await datastore.setItem('a', { n: 1, tags: [] })
    expect((await datastore.queryView('evil')).items[0]).to.include({ value: 5 })
    expect(await datastore.getItem('a')).to.deep.equal({ _rev: 0, n: 1, tags: [] })
  })

  it('a view in place of another, while it is asked and written to', async () => {
    const datastore = await open()
    const emitting = (value: number): View<Documents[string]> => ({ map: (_, emit) => emit('k', value) })
    datastore.setView('v', emitting(0))
    for (let round = 1; round <= 20; round++) {
      const asked = datastore.queryView('v', { limit: 100 })
      const written = datastore.setItem(`d${round}`, {})
      datastore.setView('v', emitting(round))
      await Promise.all([asked, written])
      const { items } = await datastore.queryView('v', { limit: 100 })
      expect(items.map(({ value }) => value)).to.deep.equal(Array(round).fill(round))
    }
  })

  const seed = newSeed()
  for (const [where, share] of [
    ['a store in memory', 0.8],
    ['a directory', 0.2],
  ] as const) {
    const operations = share * (process.env.GATE ? 100_000 : 10_000)
    it(`after ${operations} random operations on ${where} they are what mapping all anew gives, SEED=${seed}`, async () => {
      const chance = random(seed)
      const datastore = await open(share > 0.5 ? { store: memory() } : {})
      const documents = new Map<string, Documents[string]>()
      datastore.setView('byTag', byTag)
      for (let step = 0; step < operations; step++) {
        await operate(datastore, documents, chance)
        if (step === operations >> 1) datastore.setView('byRevision', byRevision)
        if (step % 250 === 249) await compareAll(datastore, documents, chance, step > operations >> 1)
      }
    }).timeout(600_000)
  }
})

async function operate(datastore: Datastore<Documents>, documents: Map<string, Documents[string]>, chance: Random) {
  const key = `k${chance.below(50)}`
  const fresh = () => ({
    n: chance.below(10),
    tags: Array.from({ length: chance.below(4) }, () => chance.pick([0, 1, 'x', 'y', null, [1]])),
  })
  const kind = chance.below(10)
  if (kind < 2) {
    await datastore.deleteItem(key)
    documents.delete(key)
  } else if (kind < 3) {
    const keys = [...new Set([key, `k${chance.below(50)}`])]
    const items = keys.map(each => [each, fresh()] as const)
    const saved = await datastore.setItems(items, { checkConsistency: false })
    for (const [at, each] of keys.entries()) documents.set(each, saved[at] as Documents[string])
  } else if (kind < 4) {
    const stale = datastore.setItem(key, { ...fresh(), _rev: 1_000_000 })
    if (documents.has(key)) expect((await refusal(stale)).code).to.equal('CONFLICT')
    else
      await stale.then(
        saved => documents.set(key, saved),
        error => expect(error.code).to.equal('CONFLICT'),
      )
  } else {
    documents.set(key, await datastore.updateItem(key, () => fresh()))
  }
}

async function compareAll(
  datastore: Datastore<Documents>,
  documents: Map<string, Documents[string]>,
  chance: Random,
  both: boolean,
) {
  const { items } = await datastore.queryKeys({ limit: 1000, includeDocuments: true })
  expect(items.map(({ key }) => key)).to.deep.equal([...documents.keys()].sort())
  expect(items.map(({ document }) => document)).to.deep.equal(
    [...documents.keys()].sort().map(key => documents.get(key)),
  )
  for (const [name, view] of Object.entries({ byTag, ...(both && { byRevision }) })) {
    const [start, limit, descending] = [chance.below(20), 1 + chance.below(200), chance.chance(0.5)]
    const rows = mapped(documents, view)
    const expected = (descending ? rows.reverse() : rows).slice(start, start + limit)
    const page = await datastore.queryView(name, { inclusiveStartIndex: start, limit, descending })
    expect(page.items).to.deep.equal(expected)
    expect(page.exclusiveEndIndex).to.equal(start + limit < rows.length ? start + limit : null)
  }
}

/** All rows of a view, mapped and sorted here. */
function mapped(documents: Map<string, Documents[string]>, view: View<Documents[string]>): Rows {
  const rows: Rows = []
  for (const documentKey of [...documents.keys()].sort()) {
    const emit: Emit = (key?: unknown, value?: unknown) =>
      rows.push({ key: key ?? null, value: value ?? null, documentKey })
    view.map(documents.get(documentKey) as Documents[string] & { _rev: number }, emit)
  }
  return rows.sort((a, b) => compare(a.key, b.key))
}
