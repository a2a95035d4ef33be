import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { explain, introduce } from '../../lib/explain.js'
import type { Store, Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { failing } from '../../wrappers/failing.js'
import { readonly } from '../../wrappers/readonly.js'
import { replicated } from '../../wrappers/replicated.js'
import { writeBehind } from '../../wrappers/write-behind.js'
import { refused } from '../conformance/case.js'
import { contents, fallible, state, timers, turn } from './replicated/fallible.js'

describe('replicated to stores', () => {
  it('sends put, add, delete and transactions, and nothing of its own is in the objects', async () => {
    const [primary, replica] = [memory(), memory()]
    const store = replicated(primary, { replica }, { log: memory() })
    await store.put({ id: 1, n: 1 })
    await store.add({ id: 2, n: 2 })
    await store.delete(1)
    await transaction(store, async tx => {
      await tx.put({ id: 3 })
      await tx.add({ id: 4 })
      await tx.delete(4)
      await tx.put({ id: 2, n: 3 })
    })
    await store.settled()
    expect(contents(replica)).to.deep.equal([{ id: 2, n: 3 }, { id: 3 }])
    expect(contents(primary)).to.deep.equal(contents(replica))
  })

  it('sends nothing of what was aborted, refused or not committed', async () => {
    const replica = fallible(memory())
    const store = replicated(memory(), { replica: replica.store }, { log: memory(), mode: 'sync' })
    const tx = await store.transaction()
    await tx.put?.({ id: 1 })
    await tx.abort()
    await store.add({ id: 2 })
    expect(await state(store.add({ id: 2 }))).to.equal('ConstraintError')
    expect(await store.delete(3)).to.equal(false)
    await store.settled()
    expect(replica.state.writes).to.equal(1)
  })

  it('a write is refused if the log cannot take it, and the primary is as before', async () => {
    const inner = memory()
    const full = () => {
      throw new StoreError('QuotaExceededError', 'the log is full')
    }
    let isFull = false
    const log: Store = {
      ...inner,
      async transaction(options) {
        const tx = (await inner.transaction(options)) as Required<Transaction>
        return isFull ? { ...tx, put: full } : tx
      },
    }
    const [primary, replica] = [memory(), memory()]
    const store = replicated(primary, { replica }, { log, mode: 'sync' })
    await store.put({ id: 1 })
    isFull = true
    expect(await state(store.put({ id: 2 }))).to.equal('QuotaExceededError')
    const tx = await store.transaction()
    await tx.put?.({ id: 3 })
    expect(await state(tx.commit())).to.equal('QuotaExceededError')
    isFull = false
    await store.put({ id: 4 })
    expect(contents(primary)).to.deep.equal([{ id: 1 }, { id: 4 }])
    expect(contents(replica)).to.deep.equal([{ id: 1 }, { id: 4 }])
  })

  for (const [mode, withOneDown, withTwoDown] of [
    ['async', 'done', 'done'],
    ['quorum', 'done', 'pending'],
    ['sync', 'pending', 'pending'],
  ] as const) {
    it(`${mode}: with one replica of two down a write is ${withOneDown}, with both ${withTwoDown}`, async () => {
      const [one, two, time] = [fallible(memory()), fallible(memory()), timers()]
      const store = replicated(memory(), [one.store, two.store], { log: memory(), mode, schedule: time.schedule })
      one.state.down = true
      expect(await state(store.put({ id: 1 }))).to.equal(withOneDown)
      two.state.down = true
      const put = store.put({ id: 2 })
      expect(await state(put)).to.equal(withTwoDown)
      one.state.down = false
      two.state.down = false
      const late = state(put)
      time.goOff()
      expect(await late).to.equal(withTwoDown === 'done' ? 'done' : 'OutcomeUnknownError')
      await store.settled()
      expect(contents(one.inner)).to.deep.equal([{ id: 1 }, { id: 2 }])
    })
  }

  it('what was not acknowledged in time is an OutcomeUnknownError, is on the primary, and arrives later', async () => {
    const [replica, time, primary] = [fallible(memory()), timers(), memory()]
    const options = { log: memory(), mode: 'sync', timeout: 70, schedule: time.schedule } as const
    const store = replicated(primary, { replica: replica.store }, options)
    await store.put({ id: 1 })
    replica.state.down = true
    const tx = await store.transaction()
    await tx.put?.({ id: 2 })
    const commit = Promise.resolve(tx.commit()).catch(error => error)
    await turn()
    time.goOff()
    const error = await commit
    expect(isStoreError(error, 'OutcomeUnknownError')).to.equal(true)
    expect(error.message).to.match(/the primary has the write.*70 ms/)
    expect(primary.get(2)).to.deep.equal({ id: 2 })
    expect(store.lag().replica).to.include({ changes: 1 }).and.have.property('error')
    replica.state.down = false
    const settled = store.settled()
    await turn()
    time.goOff()
    await settled
    expect(replica.inner.get(2)).to.deep.equal({ id: 2 })
    expect(store.lag()).to.deep.equal({ replica: { changes: 0, ms: 0 } })
  })

  it('goes on from its checkpoint after it was opened again; what was deleted stays deleted', async () => {
    const [replica, primary, log, time] = [fallible(memory()), memory(), memory(), timers()]
    const open = () => {
      // closing must leave the stores open, as a disk would
      const [lasting, lastingLog] = [
        { ...primary, close: () => {} },
        { ...log, close: () => {} },
      ]
      return replicated(lasting, { replica: replica.store }, { log: lastingLog, schedule: time.schedule })
    }
    const before = open()
    await before.put({ id: 1 })
    await before.put({ id: 2 })
    await before.settled()
    replica.state.down = true
    await before.delete(1)
    await before.put({ id: 3 })
    await before.close()
    replica.state.down = false
    replica.state.writes = 0
    const after = open()
    await after.settled()
    expect(replica.state.writes).to.equal(2)
    expect(contents(replica.inner)).to.deep.equal([{ id: 2 }, { id: 3 }])
  })

  it('sends what was in the primary before', async () => {
    const [primary, replica] = [memory({ objects: [{ id: 1 }, { id: 'x' }] }), memory()]
    const store = replicated(primary, { replica }, { log: memory() })
    await store.settled()
    expect(contents(replica)).to.deep.equal([{ id: 1 }, { id: 'x' }])
  })

  it('reads from replicas, and from another where one is down; transactions read the primary', async () => {
    for (const read of ['any', 'nearest'] as const) {
      const [replica, primary] = [fallible(memory()), memory()]
      const store = replicated(primary, { replica: replica.store }, { log: memory(), mode: 'sync', read })
      await store.put({ id: 1 })
      for (let n = 0; n < 20; n++) expect(await store.get(1)).to.deep.equal({ id: 1 })
      replica.state.down = true
      for (let n = 0; n < 20; n++) expect(await store.get(1)).to.deep.equal({ id: 1 })
      replica.state.down = false
      const tx = await store.transaction()
      await tx.put?.({ id: 1, changed: true })
      expect(await tx.get?.(1)).to.deep.equal({ id: 1, changed: true })
      expect(await store.get(1)).to.deep.equal({ id: 1 })
      await tx.abort()
    }
  })

  it('closing ends all stores, and tells who waits', async () => {
    const [replica, primary, time] = [fallible(memory()), memory(), timers()]
    const log = memory()
    const store = replicated(primary, { r: replica.store }, { log, mode: 'sync', schedule: time.schedule })
    replica.state.down = true
    const put = store.put({ id: 1 })
    const told = Promise.resolve(put).catch(error => error.name)
    await turn()
    await store.close()
    expect(await told).to.equal('OutcomeUnknownError')
    expect(await state(store.settled())).to.equal('OutcomeUnknownError')
    expect(() => primary.get(1)).to.throw('closed')
    expect(() => log.get('node')).to.throw('closed')
  })

  it('stores what was given, not what becomes of it while it waits', async () => {
    const store = replicated(memory<{ id: number; list: number[] }, number>(), {}, { log: memory() })
    for (const write of [store.put, store.add]) {
      const given = { id: store.count(), list: [1] }
      const done = write(given)
      given.list.push(2)
      expect(store.get(await done)?.list).to.deep.equal([1])
    }
  })

  it('if it could not begin, it is told and tried again by who writes next, with all that was said before', async () => {
    let fails = true
    const log = failing(memory(), { when: () => (fails ? 'before' : undefined) })
    const primary = memory()
    const store = replicated(primary, { copy: memory() }, { log, mode: 'sync' })
    store.setSchema({ properties: { name: { unique: true } } })
    await refused(() => store.put({ id: 1, name: 'Ada' }), 'UnknownError')
    fails = false
    await store.put({ id: 1, name: 'Ada' })
    await refused(() => store.put({ id: 2, name: 'Ada' }), 'ConstraintError')
    expect([primary.count(), store.lag()]).to.deep.equal([1, { copy: { changes: 0, ms: 0 } }])
  })

  it('a commit that is called twice commits once, and sends it', async () => {
    const copy = memory()
    const store = replicated(memory(), { copy }, { log: memory(), mode: 'sync' })
    const tx = await store.transaction()
    await tx.put?.({ id: 1 })
    const [first] = [tx.commit(), refused(() => tx.commit(), 'TransactionInactiveError')]
    await first
    expect(copy.get(1)).to.deep.equal({ id: 1 })
  })

  it('can be explained', async () => {
    const store = replicated(memory(), { far: memory() }, { log: memory(), mode: 'sync' })
    await store.put({ id: 1 })
    expect(String(explain(store)).split('\n')[0]).to.equal('replicated mode=sync read=primary peers=0 behind far=0')
  })

  it('refuses what it could not keep', () => {
    const log = memory()
    const same = memory()
    const fleeting = introduce({ ...memory() }, { name: 'expires', expires: 1000 })
    expect(() => replicated(memory(), {}, { log, mode: 'some' as never })).to.throw(TypeError)
    expect(() => replicated(memory(), {}, { log, read: 'some' as never })).to.throw(TypeError)
    expect(() => replicated(memory(), {}, { log, node: 'a b' })).to.throw(TypeError)
    expect(() => replicated(same, { same }, { log })).to.throw(TypeError, 'different')
    expect(() => replicated(same, {}, { log: same })).to.throw(TypeError, 'different')
    expect(() => replicated(readonly(memory()), {}, { log })).to.throw('the primary must have put')
    expect(() => replicated(memory(), { r: readonly(memory()) }, { log })).to.throw('a replica must have put')
    expect(() => replicated(memory(), {}, { log: readonly(memory()) })).to.throw('the log must have put')
    expect(() => replicated(fleeting, {}, { log })).to.throw('put expires around replicated')
    expect(() => replicated(memory(), { fleeting }, { log })).to.throw('put expires around replicated')
    const late = writeBehind(memory())
    expect(() => replicated(memory(), { late }, { log, mode: 'sync' })).to.throw('it cannot be sync')
    expect(() => replicated(memory(), { peer: { changes: {} } }, { log })).to.throw('the changes of a peer')
    const peered = replicated(memory(), { peer: { changes: memory() } }, { log })
    expect(() => peered.setSchema({ properties: { email: { unique: true } } })).to.throw('email cannot be kept unique')
  })
})
