import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { cache } from '../../wrappers/cache.js'
import { clock, held, messageOf, tick } from './held.js'

const day = 24 * 60 * 60 * 1000
const ada = { id: 1, name: 'Ada', tags: ['math'] }

describe('cache, of objects', () => {
  it('reads an object once, and gives fresh copies, at once over a synchronous store', () => {
    const store = cache(memory({ objects: [ada] }), { max: 10 })
    const [first, second] = [store.get(1), store.get('1' as never)]
    expect([first, second]).to.deep.equal([ada, ada])
    first?.tags.push('poetry')
    second?.tags.push('music')
    expect(store.get(1)).to.deep.equal(ada)
    expect(store.get(99)).to.equal(undefined)
    expect(store.stats()).to.deep.equal({ hits: 2, misses: 2, loads: 2, evictions: 0, entries: 1, bytes: 0 })
    expect(explain(store).numbers).to.deep.equal(store.stats())
    expect(String(explain(store))).to.match(/^cache max=10 .*hits=2 misses=2 loads=2/)
  })

  it('loads an object once for a thousand who ask for it at the same time, each of whom gets his own copy', async () => {
    const { store: inner, asked } = held<typeof ada>([ada])
    const store = cache(inner, { max: 10 })
    const all = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => store.get(1, n % 2 ? undefined : new AbortController())),
    )
    expect(asked.get).to.equal(1)
    expect(new Set(all).size).to.equal(1000)
    for (const each of all) expect(each).to.deep.equal(ada)
    for (const each of all) each?.tags.push('poetry')
    expect(await store.get(1)).to.deep.equal(ada)
  })

  it('a signal ends the wait of who gave it, not the load', async () => {
    const { store: inner, asked, hold } = held([ada])
    const store = cache(inner, { max: 10 })
    const release = hold('before', 'get')
    const [one, other] = [new AbortController(), new AbortController()]
    const first = Promise.resolve(store.get(1, { signal: one.signal })).catch(error => error)
    const second = store.get(1)
    const third = store.get(1, { signal: other.signal })
    one.abort('not any more')
    expect(await first).to.equal('not any more')
    release()
    expect([await second, await third]).to.deep.equal([ada, ada])
    other.abort()
    expect(await store.get(1)).to.deep.equal(ada)
    expect(asked.get).to.equal(1)
  })

  it('asks the inner store what only that can know', () => {
    const given: unknown[] = []
    const inner: Pick<Required<Store<Data, Id>>, 'get'> = { get: (_, options) => void given.push(options) }
    const store = cache(inner, { max: 10, negativeTtl: 1000 })
    const options = { at: 'yesterday', signal: undefined }
    for (let turn = 0; turn < 2; turn++) store.get(1, options)
    expect(given).to.deep.equal([options, options])
  })

  it('an error is not kept', async () => {
    const { store: inner, fail, asked } = held([ada])
    const store = cache(inner, { max: 10, negativeTtl: 1000 })
    fail('get', new Error('the wire is cut'))
    for (let turn = 0; turn < 2; turn++) expect(await messageOf(store.get(1))).to.equal('the wire is cut')
    fail('get', undefined)
    expect(await store.get(1)).to.deep.equal(ada)
    expect(asked.get).to.equal(3)
  })

  it('holds no more than max, at every step, and keeps what is used', () => {
    const inner = memory({ objects: Array.from({ length: 10_000 }, (_, id) => ({ id })) })
    const other = memory()
    const [store, elsewhere] = [cache(inner, { max: 1000 }), cache(inner, { max: 1000, store: other })]
    for (let id = 0; id < 10_000; id++) {
      for (const each of [store, elsewhere]) {
        each.get(id)
        each.get(0)
        expect(each.stats().entries).to.be.at.most(1000)
      }
      expect(other.count()).to.be.at.most(1000)
    }
    const { hits, evictions, entries } = store.stats()
    expect({ hits, evictions, entries }).to.deep.equal({ hits: 10_000, evictions: 9000, entries: 1000 })
    expect(other.count()).to.equal(1000)
  })

  it('holds no more than maxBytes, at every step', () => {
    const objects = Array.from({ length: 300 }, (_, id) => ({ id, text: 'é'.repeat(id) }))
    const store = cache(memory({ objects }), { maxBytes: 500 })
    for (const { id } of objects) {
      store.get(id)
      expect(store.stats().bytes).to.be.at.most(500)
    }
    expect(store.stats().bytes).to.be.greaterThan(0)
    const one = cache(memory({ objects: [{ id: 1, text: 'é' }] }), { maxBytes: 500 })
    one.get(1)
    expect(one.stats().bytes).to.equal('[1,{"id":1,"text":"éé"}]'.length)
  })

  it('uses an object until its ttl is over, even if that is longer than a timer can be', () => {
    const time = clock()
    const inner = memory({ objects: [ada] })
    const store = cache(inner, { max: 10, ttl: 100 * day, clock: time })
    store.get(1)
    inner.put({ ...ada, name: 'Augusta' })
    time.time = 100 * day - 1
    expect(store.get(1)?.name).to.equal('Ada')
    time.time = 100 * day
    expect(store.get(1)?.name).to.equal('Augusta')
    inner.put({ ...ada, name: 'Byron' })
    time.time = 1
    expect(store.get(1)?.name, 'a clock that was set back').to.equal('Byron')
  })

  it('the ttl begins when the load does', async () => {
    const time = clock()
    const { store: inner, inner: below, hold } = held([ada])
    const store = cache(inner, { max: 10, ttl: 10, clock: time })
    const release = hold('after', 'get')
    const slow = store.get(1)
    await tick()
    await below.put({ ...ada, name: 'Augusta' })
    time.time = 9
    release()
    expect((await slow)?.name).to.equal('Ada')
    expect((await store.get(1))?.name).to.equal('Ada')
    time.time = 10
    expect((await store.get(1))?.name).to.equal('Augusta')
  })

  it('nobody joins a load that takes longer than the ttl', async () => {
    const time = clock()
    const { store: inner, inner: below, hold, asked } = held([ada])
    const store = cache(inner, { max: 10, ttl: 10, clock: time })
    const release = hold('after', 'get')
    const slow = store.get(1)
    await tick()
    below.put({ ...ada, name: 'Augusta' })
    time.time = 10
    const other = store.get(1)
    release()
    expect([(await slow)?.name, (await other)?.name]).to.deep.equal(['Ada', 'Augusta'])
    expect((await store.get(1))?.name).to.equal('Augusta')
    expect(asked.get).to.equal(2)
  })

  it('remembers that nothing was found, if it is told how long', async () => {
    const time = clock()
    const { store: inner, inner: below, asked } = held()
    const store = cache(inner, { max: 10, negativeTtl: 10, clock: time })
    for (let turn = 0; turn < 3; turn++) expect(await store.get(1)).to.equal(undefined)
    expect(asked.get).to.equal(1)
    await below.put(ada)
    time.time = 10
    expect(await store.get(1)).to.deep.equal(ada)
    expect(await store.get(2)).to.equal(undefined)
    await store.add({ id: 2 })
    expect(await store.get(2)).to.deep.equal({ id: 2 })
  })

  it('keeps nothing alive', () => {
    const before = process.getActiveResourcesInfo()
    const store = cache(memory({ objects: [ada] }), { max: 10, ttl: 10, negativeTtl: 10, subscribe: true })
    store.get(1)
    expect(process.getActiveResourcesInfo()).to.deep.equal(before)
  })
})
