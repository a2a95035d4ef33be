import { expect } from 'chai'
import { memory } from '../../stores/memory.js'
import { cache } from '../../wrappers/cache.js'
import { clock, held, messageOf, tick } from './held.js'

const ada = { id: 1, name: 'Ada' }

describe('cache, stale while it revalidates', () => {
  const life = { max: 10, ttl: 10, staleWhileRevalidate: 20 }

  it('gives what it has, and loads once in the background', async () => {
    const time = clock()
    const { store: inner, inner: below, asked, hold } = held([ada])
    const store = cache(inner, { ...life, clock: time })
    await store.get(1)
    await below.put({ ...ada, name: 'Augusta' })
    time.time = 29
    const release = hold('before', 'get')
    for (let turn = 0; turn < 3; turn++) expect((await store.get(1))?.name).to.equal('Ada')
    expect(asked.get).to.equal(2)
    release()
    await tick()
    expect((await store.get(1))?.name).to.equal('Augusta')
    expect(asked.get).to.equal(2)
    time.time = 59
    await below.put({ ...ada, name: 'Byron' })
    expect((await store.get(1))?.name, 'too old').to.equal('Byron')
  })

  it('a load that fails in the background is nobody’s error', async () => {
    const time = clock()
    const { store: inner, fail, asked } = held([ada])
    const store = cache(inner, { ...life, clock: time })
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    await store.get(1)
    time.time = 15
    fail('get', new Error('the wire is cut'))
    for (let turn = 0; turn < 3; turn++) {
      expect(await store.get(1)).to.deep.equal(ada)
      await tick()
    }
    process.off('unhandledRejection', note)
    expect(unhandled).to.deep.equal([])
    expect(asked.get).to.equal(4)
    time.time = 30
    expect(await messageOf(store.get(1))).to.equal('the wire is cut')
  })

  it('what is found to be gone is gone', async () => {
    const time = clock()
    const { store: inner, inner: below } = held([ada])
    const store = cache(inner, { ...life, clock: time })
    await store.get(1)
    await below.delete(1)
    time.time = 15
    expect(await store.get(1)).to.deep.equal(ada)
    await tick()
    expect(await store.get(1)).to.equal(undefined)
  })

  it('a synchronous store is asked at once', () => {
    const time = clock()
    const inner = memory({ objects: [ada] })
    const store = cache(inner, { ...life, clock: time })
    store.get(1)
    inner.put({ ...ada, name: 'Augusta' })
    time.time = 15
    expect(store.get(1)?.name).to.equal('Augusta')
    inner.delete(1)
    time.time = 30
    expect(store.get(1)).to.equal(undefined)
  })

  it('a synchronous store that fails is asked again the next time', () => {
    const time = clock()
    let broken = false
    const get = () => {
      if (broken) throw new Error('the wire is cut')
      return ada
    }
    const store = cache({ get }, { ...life, clock: time })
    store.get()
    broken = true
    time.time = 15
    for (let turn = 0; turn < 2; turn++) expect(store.get()).to.deep.equal(ada)
    expect(store.stats().loads).to.equal(3)
    time.time = 30
    expect(() => store.get()).to.throw('the wire is cut')
  })
})
