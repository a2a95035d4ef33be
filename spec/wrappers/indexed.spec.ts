import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Schema } from '../../lib/schema.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { indexed } from '../../wrappers/indexed.js'
import { all, fill, refused } from '../conformance/case.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'
import { clock } from './held.js'

conforms('indexed over memory', {
  open: () => indexed(memory(), { after: 1 }),
  offers: everything,
  ways: ['directly', 'inside'],
})
conforms('indexed over sqlite', {
  open: () => indexed(sqlite({ path: ':memory:' }), { after: 1 }),
  offers: everything,
  ways: ['directly', 'inside'],
})
oracle('indexed', () => indexed(memory(), { after: 2, max: 1 }), { runs: 3 })
describe('on a disk', () => {
  const { path, clear } = folder()
  const open = () => indexed(sqlite({ path: path('data.db') }), { after: 2, idle: 1 })
  oracle('indexed over sqlite', open, { runs: 2, operations: 100, clean: clear })
})

/** A store that keeps what schemas it was told. */
function observed(options: Parameters<typeof indexed>[1] = {}) {
  const inner = memory()
  const told: Schema['properties'][] = []
  const setSchema = (schema: Schema) => {
    told.push(schema.properties)
    inner.setSchema(schema)
  }
  const store = indexed({ ...inner, setSchema }, options)
  return { told, store, names: () => store.indexes().map(({ property }) => property) }
}

describe('indexed', () => {
  it('makes an index after five queries, and gives the same results', async () => {
    const { store, told, names } = observed()
    await fill(
      store,
      Array.from({ length: 100 }, (_, id) => ({ id, n: id % 10 })),
    )
    const before = await all(store, 'n=3')
    for (let times = 2; times < 5; times++) await all(store, 'n=3')
    expect(names()).to.deep.equal([])
    await store.count('n>3&sort(n)')
    expect(told).to.deep.equal([{ n: { index: true } }])
    expect(await all(store, 'n=3')).to.deep.equal(before)
    expect(store.indexes()[0]).to.include({ property: 'n', queries: 6 })
    expect(String(explain(store))).to.match(/^indexed after=5 max=8 n=6\n {2}/)
  })

  it('counts only what an index could answer, and where none does', async () => {
    const { store, told, names } = observed({ after: 2 })
    store.setSchema({ properties: { email: { unique: true } } })
    for (let times = 0; times < 5; times++) {
      await all(store, 'email=x&n=1')
      await all(store, 'id=1&n=1')
      await all(store, 'n!=1&sort(n)&values(n)')
      await all(store, 'n=1|m=1')
      await all(store, 'n=null')
      await all(store, 'a/b=1')
      await all(store)
    }
    expect([names(), told.length]).to.deep.equal([[], 1])
    await all(store, 'n=$1', { parameters: [1] })
    await all(store, 'in(n,(1,2))&m=1')
    // m was asked for once, and is no more as long as n answers
    for (let times = 0; times < 5; times++) await all(store, 'n=1&m=1')
    expect(names()).to.deep.equal(['n'])
    await refused(() => all(store, 'n=1&limit(x)'), 'DataError')
  })

  it('keeps to max, gives up what is idle, and never what others told', async () => {
    const now = clock()
    const { store, told, names } = observed({ after: 1, max: 2, idle: 1000, clock: now })
    for (const query of ['a=1', 'b=1', 'c=1']) await all(store, query)
    expect(names()).to.deep.equal(['a', 'b'])
    store.setSchema({ properties: { b: { index: true } } })
    now.time = 1000
    await all(store, 'c=1')
    expect(names()).to.deep.equal(['c'])
    expect(told.slice(-2)).to.deep.equal([{ a: { index: false } }, { c: { index: true } }])
    now.time = 1999
    await all(store, 'c=2')
    now.time = 2500
    await all(store)
    await all(store, 'c=2')
    expect(store.indexes()).to.deep.equal([{ property: 'c', queries: 4, unused: 0 }])
  })

  it('makes none while a transaction is open, whose queries count', async () => {
    for (const end of ['commit', 'abort'] as const) {
      const store = indexed(sqlite({ path: ':memory:' }), { after: 2 })
      const tx = await store.transaction()
      for (let times = 0; times < 5; times++) await all(tx, 'n=1')
      expect(store.indexes()).to.deep.equal([])
      await tx[end]()
      await all(store, 'n=1')
      expect(store.indexes().map(({ property, queries }) => [property, queries])).to.deep.equal([['n', 6]])
      store.close()
    }
  })

  it('answers where no index can be made, and is refused where none can ever be', async () => {
    const { setSchema: _, ...rest } = memory()
    expect(() => indexed(rest)).to.throw('no setSchema')
    expect(() => indexed(memory(), { after: 0 })).to.throw(TypeError, 'after is a number above 0')
    const setSchema = () => {
      throw new Error('not now')
    }
    const store = indexed({ ...rest, setSchema }, { after: 1 })
    await store.put({ id: 1, n: 1 })
    expect(await all(store, 'n=1')).to.have.length(1)
    expect(store.indexes()).to.deep.equal([])
  })
})
