import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { explain, introduce } from '../../lib/explain.js'
import { expression } from '../../lib/query/expression.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { type CacheOptions, cache } from '../../wrappers/cache.js'
import { all } from '../conformance/case.js'
import { held, tick } from './held.js'

const objects = Array.from({ length: 5 }, (_, id) => ({ id, n: id % 2 }))

describe('cache, of queries', () => {
  it('keeps results until the next write, by the query, its parameters and its options', () => {
    const store = cache(memory({ objects }), { max: 100, queries: true })
    const ask = () => [
      [...store.query('n=1')].length,
      [...store.query(expression('eq', 'n', 1))].length,
      [...store.query('n=$1', { parameters: [1] })].length,
      [...store.query('n=$1', { parameters: ['1'] })].length,
      [...store.query('n=1', { start: 1 })].length,
      [...store.query('n=1', { end: 1 })].length,
      store.count('n=1'),
      store.count('n=$1', { parameters: [0] }),
    ]
    expect(ask()).to.deep.equal([2, 2, 2, 0, 1, 1, 2, 3])
    expect(store.stats()).to.include({ hits: 2, loads: 6 })
    expect(ask()).to.deep.equal([2, 2, 2, 0, 1, 1, 2, 3])
    expect(store.stats()).to.include({ hits: 10, loads: 6 })
    store.put({ id: 9, n: 1 })
    expect(ask()).to.deep.equal([3, 3, 3, 0, 2, 1, 3, 3])
    for (const each of store.query('n=1')) each.n = 5
    expect([...store.query('n=1')].map(({ n }) => n)).to.deep.equal([1, 1, 1])
  })

  it('keeps none of a query that was left, that failed, or during which something was written', async () => {
    const store = cache(memory({ objects }), { max: 100, queries: true })
    for (const _ of store.query('n=0')) break
    expect(() => [...store.query('n=0&one()')]).to.throw('more match')
    for (const { id } of store.query('n=1')) store.put({ id, n: 0 })
    expect(store.stats().entries).to.equal(0)
    expect([...store.query('n=1')]).to.deep.equal([])
  })

  it('keeps nothing of a query that was asked before a write, whenever it is read', () => {
    const inner = memory({ objects })
    const eager: typeof inner = { ...inner, query: (...args) => [...inner.query(...args)] }
    const store = cache(eager, { max: 100, queries: true })
    const early = store.query('n=1')
    store.put({ id: 1, n: 0 })
    expect([...early].length).to.equal(2)
    expect([...store.query('n=1')].length).to.equal(1)
  })

  it('counts every object of a result, and expires', () => {
    let time = 0
    const inner = memory({ objects })
    const store = cache(inner, { max: 6, ttl: 10, queries: true, clock: () => time })
    for (const query of ['', 'n=0', 'n=1']) {
      for (let turn = 0; turn < 2; turn++) expect([...store.query(query)].length).to.be.greaterThan(0)
    }
    expect(store.stats()).to.include({ hits: 3, entries: 2, evictions: 1 })
    const small = cache(inner, { max: 4, queries: true })
    for (let turn = 0; turn < 2; turn++) expect([...small.query()].length).to.equal(5)
    expect(small.stats()).to.include({ hits: 0, entries: 0 })
    inner.put({ id: 9, n: 1 })
    expect([...store.query('n=1')].length).to.equal(2)
    time = 10
    expect([...store.query('n=1')].length).to.equal(3)
  })

  it('cannot be read as objects, and leaves what it does not know to the inner store', () => {
    const store = cache(memory({ objects }), { max: 100, queries: true })
    store.count()
    expect(() => store.get('\u0000count   ' as never)).to.throw('control character')
    expect(() => store.query('n=(')).to.throw(StoreError)
    expect(() => store.count('n=$1', { parameters: [() => 1] })).to.throw()
    const nested = [...store.query('n=$1', { parameters: [{ some: 'object' }] })]
    expect([nested, store.stats().entries]).to.deep.equal([[], 1])
  })
})

describe('cache, in another store', () => {
  it('lays objects down there as they are, with what it notes beside them', async () => {
    let time = 0
    const { store: inner, inner: below, asked } = held(objects)
    const other = memory()
    const store = cache(inner, { max: 2, ttl: 10, store: other, clock: () => time })
    for (const id of [1, 1, 2, 3, 3]) expect(await store.get(id)).to.deep.equal({ id, n: id % 2 })
    expect(asked.get).to.equal(3)
    const laid = [...other.query()] as { object: Data }[]
    expect(laid.map(({ object }) => object)).to.deep.equal([objects[2], objects[3]])
    below.put({ id: 3, n: 5 })
    time = 10
    expect(await store.get(3)).to.deep.equal({ id: 3, n: 5 })
    await store.delete(3)
    await store.delete(2)
    expect(other.count()).to.equal(0)
  })

  it('begins empty, and takes away only what a cache has left', async () => {
    const other = memory({ objects: [{ id: 'mine' }, { id: 'left', cached: 'before', object: objects[1] }] })
    const inner = memory({ objects })
    const store = cache(inner, { max: 2, store: other })
    expect(store.get(1)).to.deep.equal(objects[1])
    await tick()
    expect([other.get('left'), other.get('mine'), other.count()]).to.deep.equal([undefined, { id: 'mine' }, 2])
    expect(explain(store).inner.length).to.equal(2)
    store.close()
    for (const each of [inner, other]) expect(() => each.get(1)).to.throw('closed')
  })

  it('takes away what was laid down too late', async () => {
    const { store: other, inner: shelf, hold } = held()
    const store = cache(memory({ objects }), { max: 2, store: other })
    const release = hold('after', 'add')
    expect(await store.get(1)).to.deep.equal(objects[1])
    await tick()
    expect(shelf.count()).to.equal(1)
    store.put({ id: 1, n: 5 })
    release()
    await tick()
    expect(shelf.count()).to.equal(0)
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 5 })
  })

  it('gives the truth while that store fails, or loses things', async () => {
    const { store: other, inner: shelf, fail } = held()
    const store = cache(memory({ objects }), { max: 2, store: other })
    expect(await store.get(1)).to.deep.equal(objects[1])
    fail('get', new Error('the shelf is broken'))
    expect(await store.get(1)).to.deep.equal(objects[1])
    fail('get', undefined)
    for (const { id } of [...shelf.query()]) shelf.delete(id as Id)
    expect(await store.get(1)).to.deep.equal(objects[1])
    shelf.close()
    for (let turn = 0; turn < 3; turn++) expect(await store.get(1)).to.deep.equal(objects[1])
  })
})

describe('cache, refused', () => {
  const refused: [string, CacheOptions, Store?][] = [
    ['no bound', {}],
    ['max 0', { max: 0 }],
    ['max of a half', { max: 0.5 }],
    ['max as text', { max: '10' as never }],
    ['ttl 0', { max: 1, ttl: 0 }],
    ['ttl NaN', { max: 1, ttl: Number.NaN }],
    ['negativeTtl below 0', { max: 1, negativeTtl: -1 }],
    ['stale without a ttl', { max: 1, staleWhileRevalidate: 10 }],
  ]
  for (const [title, options, inner = memory()] of refused) {
    it(title, () => expect(() => cache(inner, options)).to.throw(TypeError))
  }

  const unsupported: [string, CacheOptions, Store?][] = [
    ['following who tells nothing', { max: 1, subscribe: true }, memory({ readonly: true })],
    ['a store that cannot be written to', { max: 1, store: memory({ readonly: true }) }],
    ['queries in another store', { max: 1, store: memory(), queries: true }],
    ['for ever, of what expires', { max: 1 }, expiring(1000)],
    ['longer than what expires', { max: 1, ttl: 1001 }, expiring(1000)],
    ['stale longer than what expires', { max: 1, ttl: 900, staleWhileRevalidate: 101 }, expiring(1000)],
    ['what expires deep inside', { max: 1, ttl: 1001 }, cache(expiring(1000), { max: 1, ttl: 10 })],
  ]
  for (const [title, options, inner = memory()] of unsupported) {
    it(title, () =>
      expect(() => cache(inner, options)).to.satisfy((work: () => void) => {
        try {
          work()
          return false
        } catch (error) {
          return isStoreError(error, 'NotSupportedError')
        }
      }),
    )
  }

  it('a ttl no longer than what expires is taken', () => {
    const store = cache(expiring(1000), { max: 1, ttl: 500, staleWhileRevalidate: 500 })
    expect(explain(store).inner[0]?.expires).to.equal(1000)
  })

  it('follows nobody after it is closed', async () => {
    const inner = memory({ objects })
    let followed: AbortSignal | undefined
    const subscribe: typeof inner.subscribe = (query, options) => {
      followed = options?.signal
      return inner.subscribe(query, options)
    }
    const store = cache({ ...inner, subscribe }, { max: 10, subscribe: true, queries: true })
    expect([store.get(1), store.count()]).to.deep.equal([objects[1], 5])
    expect(await all(store)).to.deep.equal(objects)
    store.close()
    expect(() => store.get(1)).to.throw('closed')
    expect(() => store.count()).to.throw('closed')
    expect(followed?.aborted).to.equal(true)
  })
})

function expiring(expires: number): Required<Store<Data, Id>> {
  return introduce(memory<Data>(), { name: 'expires', expires })
}
