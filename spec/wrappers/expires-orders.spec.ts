import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import { memory } from '../../stores/memory.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { inherited } from '../../wrappers/inherited.js'
import { readonly } from '../../wrappers/readonly.js'
import { replicated } from '../../wrappers/replicated.js'
import { revisions } from '../../wrappers/revisions.js'
import { refused } from '../conformance/case.js'
import { clock } from './held.js'

describe('expires: orders', () => {
  it('a cache may not keep longer what expires', () => {
    const hours = expires(memory(), { ttl: 3_600_000 })
    expect(explain(hours).expires).to.equal(3_600_000)
    expect(() => cache(hours, { max: 9 })).to.throw('expire after 3600000 ms')
    expect(() => cache(hours, { max: 9, ttl: 3_600_001 })).to.throw('expire after 3600000 ms')
    expect(() => cache(inherited(hours, { type: 'a' }), { max: 9, ttl: 3_600_001 })).to.throw('expire after')
    cache(hours, { max: 9, ttl: 3_600_000 }).put({ id: 1 }, { ttl: 5 })
    // any of them may go at any moment
    expect(() => cache(expires(memory()), { max: 9, ttl: 1 })).to.throw('expire after 0 ms')
    const time = clock()
    const outside = expires(cache(memory(), { max: 9 }), { ttl: 5, now: time })
    outside.put({ id: 1 })
    expect(outside.get(1)).to.deep.equal({ id: 1 })
    time.time = 5
    expect(outside.get(1)).to.equal(undefined)
  })

  it('replicas and revisions may not lose what goes away by itself', () => {
    const hours = expires(memory(), { ttl: 3_600_000 })
    expect(() => replicated(hours, {}, { log: memory() })).to.throw('put expires around replicated')
    expect(() => replicated(memory(), { hours }, { log: memory() })).to.throw('put expires around replicated')
    expect(() => revisions(hours)).to.throw('put expires around revisions')
    expect(() => revisions(memory(), { store: hours })).to.throw('put expires around revisions')
  })

  it('around revisions: what was swept goes on with its count', async () => {
    const time = clock()
    const counted = revisions(memory())
    const store = expires(counted, { ttl: 5, now: time })
    store.put({ id: 1 })
    store.put({ id: 1 })
    time.time = 5
    await store.sweep()
    expect([counted.revision(1), counted.count()]).to.deep.equal([undefined, 0])
    store.put({ id: 1 })
    expect([counted.revision(1), store.get(1)]).to.deep.equal([2, { id: 1 }])
  })

  it('of a store that is only read, what lives is read', () => {
    const inner = memory()
    expires(inner, { ttl: 5, now: () => 0 }).put({ id: 1 })
    const store = expires(readonly(inner), { now: () => 5 })
    expect([Object.keys(store).includes('put'), 'sweep' in store, store.count()]).to.deep.equal([false, false, 0])
  })

  it('refuses times that are none, and what could not be done', async () => {
    for (const ttl of [0, -1, Number.NaN, '5'] as never[]) {
      expect(() => expires(memory(), { ttl })).to.throw(TypeError, 'ttl is a number of milliseconds above 0')
      expect(() => expires(memory(), { every: ttl })).to.throw(TypeError, 'every is')
      await refused(() => expires(memory()).put({}, { ttl }), 'TypeError')
    }
    const { get: _, ...blind } = memory()
    expect(() => expires(blind)).to.throw('needs a store with get')
    expect(() => expires(readonly(memory()), { every: 5 })).to.throw('nothing can be swept')
  })

  it('says what it is', () => {
    const store = expires(memory(), { ttl: 5 })
    expect(`${explain(store)}`).to.equal('expires ttl=5 swept=0\n  memory readonly=false objects=0')
  })

  it('the compiler knows the ttl of a put, through other wrappers and in transactions, and of no other store', async () => {
    const store = cache(expires(memory<{ id: number }>(), { ttl: 1000 }), { max: 9, ttl: 1000 })
    await store.put({ id: 1 }, { ttl: 5, ifNoneMatch: '*' })
    await store.add({ id: 2 }, { ttl: 5 })
    // @ts-expect-error: a delete has none
    await store.delete(2, { ttl: 5 })
    const tx = await expires(memory<{ id: number }>()).transaction()
    await tx.put?.({ id: 1 }, { ttl: 5 })
    await tx.commit()
    // @ts-expect-error: it does not expire
    expect(() => memory().put({ id: 1 }, { ttl: 5 })).to.throw('the option ttl')
    const bare = memory<{ id: number }>()
    const found: { id: number } | undefined = expires(bare).get(1)
    expect(found).to.equal(undefined)
  })
})
