import { expect } from 'chai'
import type { Expression } from '../../lib/query/expression.js'
import { print } from '../../lib/query/print.js'
import type { MaybePromise, Query, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { slow } from '../../wrappers/slow.js'
import { all, ids, refused } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'
import { clock } from './held.js'

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
