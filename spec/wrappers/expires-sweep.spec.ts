import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Change } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { ids, take } from '../conformance/case.js'
import { clock, tick } from './held.js'

describe('expires: the sweep', () => {
  it('a sweep reads only what has expired, by an index', async () => {
    const time = clock()
    const file = sqlite({ path: ':memory:' })
    const store = expires(file, { ttl: 100, now: time })
    const told: string[] = []
    for (let id = 0; id < 20; id++) await store.put?.({ id })
    const schemas: unknown[] = []
    expires({ ...memory(), setSchema: schema => schemas.push(schema) })
    expect(schemas).to.deep.equal([{ properties: { $expires: { type: 'number', index: true } } }])
    time.time = 100
    expect(await store.sweep({ max: 3 })).to.equal(3)
    expect(await store.sweep({ max: 0 })).to.equal(0)
    expect(await store.sweep({ onProgress: done => told.push(String(done)) })).to.equal(17)
    expect(told).to.deep.equal(['17'])
    expect(explain(store).numbers).to.deep.equal({ swept: 20 })
    await store.close?.()
  })

  it('a sweep of many takes turns, and ends with its signal', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: 1, now: time })
    for (let id = 0; id < 1200; id++) store.put({ id })
    time.time = 1
    const ending = new AbortController()
    const told: number[] = []
    const sweep = store.sweep({
      signal: ending.signal,
      onProgress(done) {
        told.push(done)
        if (done === 1000) ending.abort(new RangeError('enough'))
      },
    })
    expect(await sweep.catch(error => error.message)).to.equal('enough')
    expect(told).to.deep.equal([500, 1000])
    expect(await store.sweep()).to.equal(200)
  })

  it('a sweep leaves what was put again since it looked', async () => {
    const time = clock()
    const inner = memory()
    let open = () => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    const late: typeof inner = {
      ...inner,
      async delete(...given) {
        await gate
        return inner.delete(...given)
      },
    }
    const wrapped = expires(late, { ttl: 10, now: time })
    await wrapped.put({ id: 1 })
    await wrapped.put({ id: 2 })
    time.time = 10
    const sweep = wrapped.sweep()
    await tick()
    await wrapped.put({ id: 1, again: true })
    open()
    expect(await sweep).to.equal(1)
    expect(await ids(wrapped)).to.deep.equal([1])
  })

  it('the end is told when it is swept, without the object; nothing expired is told', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: 10, now: time })
    const [every, oslo, bergen] = ['', 'city=Oslo', 'city=Bergen'].map(query =>
      store.subscribe(query)[Symbol.asyncIterator](),
    ) as [AsyncIterator<Change>, AsyncIterator<Change>, AsyncIterator<Change>]
    store.put({ id: 1, city: 'Oslo' })
    const [first] = await take(oslo, 1)
    expect(first).to.deep.equal({ type: 'put', id: 1, object: { id: 1, city: 'Oslo' } })
    time.time = 10
    await store.sweep()
    // expired before it could be told
    store.put({ id: 2, city: 'Oslo' })
    time.time = 20
    store.put({ id: 2, city: 'Bergen' })
    const end = { type: 'delete', id: 1 }
    const moved = { type: 'put', id: 2, object: { id: 2, city: 'Bergen' } }
    expect(await take(oslo, 2)).to.deep.equal([end, moved])
    expect(await take(bergen, 1)).to.deep.equal([moved])
    expect(await take(every, 2)).to.deep.equal([end, moved])
  })

  it('what had another time before it is told once that it is gone', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: 100, now: time })
    const changes = store.subscribe()[Symbol.asyncIterator]()
    store.put({ id: 1 })
    expect((await take(changes, 1)).map(({ type }) => type)).to.deep.equal(['put'])
    store.put({ id: 1 }, { ttl: 10 })
    time.time = 10
    await store.sweep()
    store.put({ id: 2 })
    expect(await take(changes, 2)).to.deep.equal([
      { type: 'delete', id: 1 },
      { type: 'put', id: 2, object: { id: 2 } },
    ])
  })
})
