import { expect } from 'chai'
import { derive } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import type { Data, Id, Store, Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { cache } from '../../wrappers/cache.js'
import { forwarded } from '../forwarded.js'
import { folder } from '../stores/json-file/folder.js'
import { held, tick } from './held.js'

const old = { id: 1, n: 1 }
const young = { id: 1, n: 2 }
const failure = new StoreError('OutcomeUnknownError', 'the wire was cut')

describe('cache, and writes', () => {
  it('what is written through it is seen at once', () => {
    const store = cache(memory<Data>({ objects: [old] }), { max: 10, negativeTtl: 1000 })
    expect(store.get(1)).to.deep.equal(old)
    store.put(young)
    expect(store.get(1)).to.deep.equal(young)
    store.delete('1')
    expect(store.get(1)).to.equal(undefined)
    const id = store.add({ n: 3 }) as Id
    expect(store.get(id)).to.deep.equal({ id, n: 3 })
  })

  it('of objects that another property names, too', async () => {
    const inner = memory({ idProperty: 'code', objects: [{ code: 'no', n: 1 }] })
    for (const options of [{}, { idProperty: 'code' }]) {
      const { store: slow } = held([], inner)
      const store = cache(slow, { max: 10, ...options })
      await store.get('no')
      await store.put({ code: 'no', n: 2 })
      expect(await store.get('no')).to.deep.equal({ code: 'no', n: 2 })
      await store.put({ code: 'no', n: 1 })
    }
  })

  it('a load that began before a write is not kept, and not joined by who asks after it', async () => {
    const { store: inner, hold, asked } = held([old])
    const store = cache(inner, { max: 10 })
    const release = hold('after', 'get')
    const before = store.get(1)
    await tick()
    await store.put(young)
    const after = store.get(1)
    release()
    expect([await before, await after]).to.deep.equal([old, young])
    expect(await store.get(1)).to.deep.equal(young)
    expect(asked.get).to.equal(2)
  })

  it('while an object is being written, nothing is kept of it', async () => {
    const { store: inner, hold } = held([old])
    const store = cache(inner, { max: 10 })
    await store.get(1)
    const release = hold('before', 'put')
    const put = store.put(young)
    expect(await store.get(1)).to.deep.equal(old)
    expect(store.stats().entries).to.equal(0)
    release()
    await put
    expect(await store.get(1)).to.deep.equal(young)
  })

  it('after a put that failed it gives what is in the store, whether that was written or not', async () => {
    for (const error of [failure, new Error('no word from the other side')]) {
      const { store: inner, fail, inner: below } = held<Data>([old])
      const store = cache(inner, { max: 10 })
      await store.get(1)
      fail('put', error)
      for (let turn = 0; turn < 2; turn++) {
        const thrown = await Promise.resolve(store.put(young)).catch((reason: unknown) => reason)
        expect(thrown).to.equal(error)
      }
      expect(await store.get(1)).to.deep.equal(young)
      below.put({ id: 1, n: 3 })
      expect(await store.get(1), 'it may still take effect').to.deep.equal({ id: 1, n: 3 })
      fail('put', undefined)
      await store.put({ id: 2 })
      for (let turn = 0; turn < 2; turn++) await store.get(1)
      expect(store.stats().entries).to.equal(1)
    }
  })

  it('after a put that was refused it gives what was there', async () => {
    const store = cache(memory({ objects: [old] }), { max: 10 })
    store.get(1)
    expect(() => store.add(young)).to.throw('already stored')
    expect(() => store.put(young, { ifMatch: '"other"' })).to.throw('has changed')
    for (let turn = 0; turn < 2; turn++) expect(store.get(1)).to.deep.equal(old)
    expect(store.stats()).to.include({ hits: 1, entries: 1 })
  })

  it('what others write is seen where it follows the inner store', async () => {
    const inner = memory({ objects: [old, { id: 2 }] })
    const store = cache(inner, { max: 10, subscribe: true, queries: true })
    expect([store.get(1), store.count()]).to.deep.equal([old, 2])
    inner.put(young)
    inner.add({ id: 3 })
    await tick()
    expect([store.get(1), store.count()]).to.deep.equal([young, 3])
    for (let n = 0; n < 10_100; n++) inner.put({ id: 1, n })
    await tick()
    expect(store.get(1), 'more than it could follow').to.deep.equal({ id: 1, n: 10_099 })
    inner.put(old)
    await tick()
    for (let turn = 0; turn < 2; turn++) expect(store.get(1), 'and then on').to.deep.equal(old)
    expect(store.stats()).to.include({ hits: 1, entries: 1 })
  })
})

describe('cache, and transactions', () => {
  it('put in a transaction, another reader fills, abort: the old value', async () => {
    const store = cache(memory({ objects: [old] }), { max: 10, queries: true })
    const tx = (await store.transaction()) as Required<Transaction<Data, Id>>
    await tx.put(young)
    expect([await tx.get(1), await tx.count('n=2')]).to.deep.equal([young, 1])
    expect([store.get(1), store.count('n=2')]).to.deep.equal([old, 0])
    expect(await tx.get(1)).to.deep.equal(young)
    await tx.abort()
    expect([store.get(1), store.count('n=2')]).to.deep.equal([old, 0])
    expect(store.stats()).to.include({ hits: 2 })
  })

  it('a reader who fills while a commit is under way leaves nothing old behind', async () => {
    for (const when of ['before', 'after'] as const) {
      const { store: inner, hold } = held([old])
      const store = cache(inner, { max: 10, queries: true })
      const releaseLoad = hold('after', 'get')
      const early = store.get(1)
      await tick()
      const tx = (await store.transaction()) as Required<Transaction<Data, Id>>
      await tx.put(young)
      const release = hold(when, 'commit')
      const committed = tx.commit()
      await tick()
      releaseLoad()
      expect(await early).to.deep.equal(old)
      expect(await store.get(1)).to.deep.equal(when === 'before' ? old : young)
      expect(await store.count('n=2')).to.equal(when === 'before' ? 0 : 1)
      release()
      await committed
      expect(await store.get(1)).to.deep.equal(young)
      expect(await store.count('n=2')).to.equal(1)
    }
  })

  it('after a commit that failed it gives what is in the store', async () => {
    const { store: inner, fail } = held([old])
    const store = cache(inner, { max: 10 })
    await store.get(1)
    fail('commit', failure)
    const work = transaction(store, tx => tx.put(young))
    expect(await work.catch(error => error)).to.equal(failure)
    expect(await store.get(1)).to.deep.equal(young)
  })

  it('nothing is kept of what is prepared, until it is decided', async () => {
    for (const end of ['commit', 'abort'] as const) {
      const store = cache(memory({ objects: [old] }), { max: 10 })
      const tx = (await store.transaction()) as Required<Transaction<Data, Id>>
      await tx.put(young)
      store.get(1)
      await tx.prepare()
      expect(store.get(1)).to.deep.equal(old)
      expect(store.stats().entries).to.equal(0)
      await tx[end]()
      expect(store.get(1)).to.deep.equal(end === 'commit' ? young : old)
      expect(store.stats().entries).to.equal(1)
    }
  })
})

describe('cache, and transactions over several stores', () => {
  const { path } = folder()

  it('keeps nothing old where another commits last what is in the same database', async () => {
    const [users, orders] = ['users', 'orders'].map(table => sqlite({ path: path('one.db'), table })) as Store[]
    await users?.put?.(old)
    const store = cache(users as Required<Store<Data, Id>>, { max: 10 })
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const last = derive(orders as Store<Data, Id>, {
      ...forwarded,
      transaction: async options => {
        const tx = (await orders?.transaction?.(options)) as Required<Transaction<Data, Id>>
        return { ...tx, commit: () => gate.then(() => tx.commit()) }
      },
    })
    const work = transaction([store, last as Required<Store<Data, Id>>], async ([tx, other]) => {
      await tx.put(young)
      await other.put({ id: 1 })
    })
    for (let turn = 0; turn < 10; turn++) await tick()
    expect(await store.get(1)).to.deep.equal(old)
    go()
    await work
    for (let turn = 0; turn < 3; turn++) expect(await store.get(1)).to.deep.equal(young)
    expect(store.stats()).to.include({ hits: 2, entries: 1 })
    for (const each of [store, orders]) await each?.close?.()
  })

  it('commits together with another', async () => {
    const [one, two] = [cache(memory({ objects: [old] }), { max: 10 }), cache(memory(), { max: 10 })]
    await transaction([one, two], async ([first, second]) => {
      await first.put(young)
      await second.put({ id: 5 })
    })
    expect([one.get(1), two.get(5)]).to.deep.equal([young, { id: 5 }])
  })
})
