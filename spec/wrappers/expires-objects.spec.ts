import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import type { Change, MaybePromise, Query, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { inherited } from '../../wrappers/inherited.js'
import { readonly } from '../../wrappers/readonly.js'
import { replicated } from '../../wrappers/replicated.js'
import { revisions } from '../../wrappers/revisions.js'
import { slow } from '../../wrappers/slow.js'
import { all, ids, refused, take } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'
import { clock, tick } from './held.js'

describe('expires: objects', () => {
  const { path } = folder()
  const kinds: Record<string, () => MaybePromise<Store>> = {
    memory: () => memory(),
    sqlite: () => sqlite({ path: ':memory:' }),
    'a json file': () => jsonFile({ path: path() }),
    'a slow memory': () => slow(memory(), { delay: 0 }),
  }

  for (const [kind, open] of Object.entries(kinds)) {
    it(`live until the moment of their expiry, swept or not: ${kind}`, async () => {
      const time = clock()
      const inner = await open()
      const store = expires(inner, { ttl: 100, now: time }) as Required<Store>
      await store.put({ id: 'plain', n: 1 })
      await (expires(inner, { now: time }) as Required<Store>).put({ id: 'ever', n: 1 })
      const within = expires(inner, { ttl: 100, now: time })
      await within.put?.({ id: 'short', n: 2 }, { ttl: 10 })
      await within.add?.({ id: 'long', n: 2 }, { ttl: Infinity })
      const see = async () => {
        const found = await ids(store)
        expect(await store.count()).to.equal(found.length)
        expect(await all(store, 'values(id)')).to.deep.equal(found)
        for (const id of ['plain', 'ever', 'short', 'long'])
          expect((await store.get(id)) !== undefined).to.equal(found.includes(id))
        return found
      }
      time.time = 9
      expect(await see()).to.deep.equal(['ever', 'long', 'plain', 'short'])
      time.time = 10
      expect(await see()).to.deep.equal(['ever', 'long', 'plain'])
      time.time = 100
      expect(await see()).to.deep.equal(['ever', 'long'])
      expect(await within.sweep()).to.equal(2)
      expect(await within.sweep()).to.equal(0)
      expect(await ids(inner)).to.deep.equal(['ever', 'long'])
      await store.close()
    })

    it(`that have expired are as if they were not there, also in a transaction: ${kind}`, async () => {
      const time = clock()
      const store = expires(await open(), { ttl: 100, now: time })
      const each = async (id: string, work: (target: Required<Store>) => Promise<void>) => {
        time.time += 100
        await store.put?.({ id, n: 0 })
        time.time += 100
        await work(store as Required<Store>)
        await store.delete?.(id)
        await store.put?.({ id, n: 0 })
        time.time += 100
        await transaction(store as Required<Store>, tx => work(tx as Required<Store>))
        expect(await store.get?.(id)).to.deep.equal((await store.get?.(id)) && { id, n: 1 })
      }
      await each('add', async target => {
        expect(await target.add({ id: 'add', n: 1 })).to.equal('add')
        await refused(() => target.add({ id: 'add', n: 1 }), 'ConstraintError')
        await refused(() => target.add({ id: 'add', n: 1 }, { ifMatch: '*' }), 'ConstraintError')
      })
      await each('new', async target => {
        await target.put({ id: 'new', n: 1 }, { ifNoneMatch: '*' })
        await refused(() => target.put({ id: 'new' }, { ifNoneMatch: '*' }), 'PreconditionFailedError')
      })
      await each('new add', async target => {
        await refused(() => target.add({ id: 'new add' }, { ifMatch: '*' }), 'PreconditionFailedError')
        await target.add({ id: 'new add', n: 1 }, { ifNoneMatch: '*' })
      })
      await each('match', async target => {
        await refused(() => target.put({ id: 'match', n: 1 }, { ifMatch: '*' }), 'PreconditionFailedError')
        await refused(() => target.put({ id: 'match' }, { ifMatch: { id: 'match', n: 0 } }), 'PreconditionFailedError')
      })
      await each('delete', async target => {
        expect(await target.delete('delete')).to.equal(false)
        await refused(() => target.delete('delete', { ifMatch: '*' }), 'PreconditionFailedError')
      })
      await store.close?.()
    })

    it(`that have expired leave their unique values, one after the other and in a transaction: ${kind}`, async () => {
      const time = clock()
      const store = expires(await open(), { ttl: 100, now: time })
      store.setSchema?.({ properties: { name: { type: 'string', unique: true } } })
      await store.put?.({ id: 1, name: 'ada' })
      await refused(() => store.put?.({ id: 2, name: 'ada' }), 'ConstraintError')
      await refused(() => store.add?.({ name: 'ada' }), 'ConstraintError')
      time.time = 100
      await store.put?.({ id: 2, name: 'ada' })
      time.time = 200
      await store.add?.({ id: 3, name: 'ada' })
      time.time = 300
      const id = await store.add?.({ name: 'ada' })
      time.time = 400
      await transaction(store as Required<Store>, async tx => {
        await tx.put({ id: 5, name: 'ada' })
        await refused(() => tx.put({ id: 6, name: 'ada' }), 'ConstraintError')
      })
      expect(await ids(store, 'name=ada')).to.deep.equal([5])
      expect(id).not.to.equal(undefined)
      await store.close?.()
    })
  }

  it('expire while a query waits to be read, or is being read', () => {
    const time = clock()
    const store = expires(memory<{ id: number }>(), { ttl: 10, now: time })
    for (const id of [1, 2, 3]) store.put({ id }, { ttl: id })
    const found = store.query()
    const names = store.query('values(id)')
    time.time = 1
    expect([[...found].length, [...names].length]).to.deep.equal([2, 2])
    const reading = store.query()[Symbol.iterator]()
    expect(reading.next().value).to.deep.equal({ id: 2 })
    time.time = 3
    expect(reading.next().done).to.equal(true)
  })

  it('a query asks the inner store for what lives, by the conditions that an index can answer', async () => {
    const asked: string[] = []
    const { query, ...inner } = memory()
    const spied = {
      ...inner,
      query(text?: Query, options?: object) {
        asked.push(print(text as Expression))
        return query(text, options)
      },
    }
    const store = expires(spied, { ttl: 100, now: () => 5 })
    await all(store, 'a=1&sort(-b)&limit(5)')
    await store.sweep()
    expect(asked.slice(-2)).to.deep.equal([
      'eq(a,1)&not(le(%24expires,5))&sort(-b)&limit(5)',
      'le(%24expires,5)&limit(500)',
    ])
  })

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

  it('a put begins the time anew, also without change', () => {
    const time = clock()
    const store = expires(memory(), { ttl: 10, now: time })
    store.put({ id: 1 })
    time.time = 9
    store.put({ id: 1 })
    time.time = 18
    expect(store.get(1)).to.deep.equal({ id: 1 })
    store.put({ id: 1 }, { ttl: Infinity })
    time.time = 1e9
    expect(store.get(1)).to.deep.equal({ id: 1 })
  })

  it('an aborted transaction changes no expiry, and puts back what it had removed', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: 10, now: time })
    store.put({ id: 1 })
    time.time = 9
    const tx = await store.transaction()
    await tx.put?.({ id: 1 }, { ttl: 100 })
    await tx.abort()
    time.time = 10
    expect(store.get(1)).to.equal(undefined)
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

  it('the inner store is not asked to keep a time of its own', async () => {
    const inner = memory()
    const given: unknown[] = []
    const put: typeof inner.put = (object, options) => {
      given.push(options)
      return inner.put(object, options)
    }
    const store = expires({ ...inner, put })
    const { signal } = new AbortController()
    await store.put({ id: 1 }, { ttl: 5, signal })
    expect(given).to.deep.equal([{ ttl: undefined, signal, ifMatch: undefined, ifNoneMatch: '*' }])
  })

  it('a property of the same name is kept, and nothing in an object sets its expiry', () => {
    const time = clock()
    const store = expires(memory<Record<string, unknown>>(), { ttl: 10, now: time })
    store.put({ $expires: 1e9, $$expires: 2, id: 1 })
    expect(store.get(1)).to.deep.equal({ $expires: 1e9, $$expires: 2, id: 1 })
    expect([...store.query('$expires=1e9|$expires=1000000000')]).to.have.length(1)
    time.time = 10
    expect(store.get(1)).to.equal(undefined)
  })

  it('what was in the inner store before does not expire', () => {
    const store = expires(memory({ objects: [{ id: 1 }] }), { ttl: 10, now: () => 1e12 })
    expect([store.get(1), store.count()]).to.deep.equal([{ id: 1 }, 1])
  })
})

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
