import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type Call, type Fate, failing } from '../../wrappers/failing.js'
import { transactional } from '../../wrappers/transactional.js'
import { all } from '../conformance/case.js'
import { newSeed, random } from '../oracle/random.js'
import { refusal } from '../refusal.js'
import { held, tick } from './held.js'
import { bare, bareAndLate } from './transactional/bare.js'

const before = [
  { id: 1, n: 1 },
  { id: 2, n: 2 },
  { id: 3, n: 3 },
]

/** A store of three objects, of which chosen writes fail. */
function faulty(fate: (call: Call, write: number) => Fate, late = false) {
  const kept = memory({ objects: before })
  let writes = 0
  const inner = failing(late ? bareAndLate(kept) : bare(kept), {
    when: call => (call.method === 'put' || call.method === 'delete' ? fate(call, ++writes) : undefined),
  })
  return { kept, store: transactional(inner as Store) as Required<Store> }
}

const change = (tx: Store) => async () => {
  await tx.put?.({ id: 1, n: 10 })
  await tx.delete?.(2)
  await tx.add?.({ id: 4, n: 4 })
}

describe('transactional, at the commit', () => {
  for (const late of [false, true]) {
    for (const write of [1, 2, 3]) {
      for (const how of ['before', 'after', new Error('the line is cut')] as const) {
        it(`takes back what came before write ${write} that fails ${how}${late ? ', later' : ''}`, async () => {
          const { kept, store } = faulty((_, number) => (number === write ? how : undefined), late)
          const tx = await store.transaction()
          await change(tx)()
          const error = await refusal(() => tx.commit())
          expect(isStoreError(error, 'PartialWriteError')).to.equal(false)
          expect([...kept.query()]).to.deep.equal(before)
          expect(await refusal(() => tx.get?.(1))).to.include({ name: 'TransactionInactiveError' })
          await tx.abort()
          await transaction(store, each => change(each)())
          expect([...kept.query()].map(({ id }) => id)).to.deep.equal([1, 3, 4])
        })
      }
    }
  }

  it('says what stays written where it cannot take it back', async () => {
    const { kept, store } = faulty((_, number) => (number > 2 ? 'before' : undefined))
    const tx = await store.transaction()
    await change(tx)()
    const error = await refusal(() => tx.commit())
    expect(error).to.include({ name: 'PartialWriteError', status: 500 })
    expect([error.done, error.notDone]).to.deep.equal([[0, 1], [2]])
    expect(error.message).to.match(/under 1, 2 may be new/)
    expect((error.cause as Error).message).to.equal('call 8, put, failed')
    expect([...kept.query()]).to.deep.equal([
      { id: 1, n: 10 },
      { id: 3, n: 3 },
    ])
  })

  it('a random failure leaves everything or nothing, or says that it does not', async () => {
    const seed = newSeed()
    let whole = 0
    for (let run = 0; run < 300; run++) {
      const chance = random(seed + run)
      const likely = chance.next() / 2
      const { kept, store } = faulty(() => (chance.chance(likely) ? chance.pick(['before', 'after']) : undefined))
      const tx = await store.transaction()
      for (let left = 5; left > 0; left--) {
        const id = chance.below(6)
        if (chance.chance(0.3)) await tx.delete?.(id)
        else await tx.put?.({ id, n: chance.below(100) })
      }
      const wanted = await all(tx)
      let error: unknown
      try {
        await tx.commit()
      } catch (thrown) {
        error = thrown
      }
      if (isStoreError(error, 'PartialWriteError')) continue
      whole++
      expect([...kept.query()], `SEED=${seed + run}`).to.deep.equal(error ? before : wanted)
    }
    expect(whole).to.be.greaterThan(100)
  })

  it('is refused when others have changed what it was decided on', async () => {
    const inner = bare()
    const store = transactional(inner)
    const tx = await store.transaction()
    await tx.add?.({ id: 1, by: 'transaction' })
    await tx.put?.({ id: 2 })
    await inner.put({ id: 1, by: 'others' })
    expect(await refusal(() => tx.commit())).to.include({ name: 'PreconditionFailedError', id: 1 })
    expect(await all(store)).to.deep.equal([{ id: 1, by: 'others' }])

    const next = await store.transaction()
    await next.put?.({ id: 1, by: 'transaction' }, { ifMatch: { id: 1, by: 'others' } })
    await inner.put({ id: 1, by: 'others', again: true })
    expect(await refusal(() => next.commit())).to.include({ name: 'PreconditionFailedError', id: 1 })
    expect(await all(store)).to.deep.equal([{ id: 1, by: 'others', again: true }])
  })

  it('exchanges the values of unique keys, and takes that back', async () => {
    let broken = false
    const kept = memory()
    const fate = ({ method }: Call, id: number) => (broken && method === 'put' && id === 3 ? 'before' : undefined)
    let puts = 0
    const inner = failing(bare(kept), { when: call => fate(call, call.method === 'put' ? ++puts : 0) })
    const store = transactional(inner as Store) as Required<Store>
    store.setSchema({ properties: { u: { unique: true } } })
    await store.put({ id: 1, u: 'a' })
    await store.put({ id: 2, u: 'b' })
    const exchange = async (tx: Store) => {
      await tx.put?.({ id: 1, u: 'c' })
      await tx.put?.({ id: 2, u: 'a' })
      await tx.put?.({ id: 1, u: 'b' })
      await tx.put?.({ id: 3, u: 'd' })
    }
    const exchanged = [
      { id: 1, u: 'b' },
      { id: 2, u: 'a' },
      { id: 3, u: 'd' },
    ]
    broken = true
    puts = 0
    await refusal(() => transaction(store, exchange))
    expect(await all(store)).to.deep.equal([
      { id: 1, u: 'a' },
      { id: 2, u: 'b' },
    ])
    broken = false
    await transaction(store, exchange)
    expect(await all(store)).to.deep.equal(exchanged)
  })

  it('who reads meanwhile waits for the end, or sees what was before', async () => {
    const { store: inner, hold } = held([{ id: 1, n: 1 }])
    const store = transactional(bare(inner as Store))
    const tx = await store.transaction()
    await tx.put?.({ id: 1, n: 2 })
    await tx.put?.({ id: 2, n: 2 })
    const go = hold('after', 'put')
    const commit = tx.commit()
    await tick()
    expect(inner.get(1)).to.be.a('promise')
    // query answers at once here, so it answers from before
    expect(await all(store)).to.deep.equal([{ id: 1, n: 1 }])
    const read = Promise.all([store.get(1), store.get(2)])
    await tick()
    go()
    await commit
    expect(await read).to.deep.equal([{ id: 1, n: 1 }, undefined])
    expect(await all(store)).to.have.length(2)
  })
})

describe('transactional, among others', () => {
  it('is the one that lasts in a group, and never one of two', async () => {
    const store = transactional(bare())
    const other = memory()
    await transaction([store, other], async ([one, two]) => {
      await one.put({ id: 1 })
      await two.put({ id: 2 })
    })
    expect([await store.get(1), other.get(2)]).to.deep.equal([{ id: 1 }, { id: 2 }])
    const tx = await store.transaction()
    expect(tx.prepare).to.equal(undefined)
    await tx.abort()
    const two = () => transaction([store, transactional(bare())], async () => {})
    expect(await refusal(two)).to.include({ name: 'NotSupportedError' })
    const { store: broken, kept } = faulty(() => 'before')
    const work = () =>
      transaction([broken, other], async ([one, two]) => {
        await one.put({ id: 1, n: 100 })
        await two.put({ id: 3 })
      })
    await refusal(work)
    expect([kept.get(1), other.get(3)]).to.deep.equal([{ id: 1, n: 1 }, undefined])
  })

  it('gives back a store that has transactions, and refuses one that cannot take back', async () => {
    const store = transactional(memory())
    expect((await store.transaction()).prepare).to.be.a('function')
    expect(String(explain(store))).to.match(/^transactional\n {2}memory/)
    expect(await refusal(() => transactional({ get: () => undefined, put: () => 1 }))).to.include({
      name: 'NotSupportedError',
    })
  })

  it('has in a transaction the methods that the store has', async () => {
    const objects = new Map<number, object>()
    const store = transactional({
      get: (id: number) => objects.get(id),
      put(object: { id: number }) {
        objects.set(object.id, object)
        return object.id
      },
      delete: (id: number) => objects.delete(id),
    })
    await transaction(store, async tx => {
      await tx.put({ id: 1 })
      expect(Object.keys(tx)).to.deep.equal(['get', 'put', 'delete', 'commit', 'abort'])
    })
    expect(objects.get(1)).to.deep.equal({ id: 1 })
    const found: object | undefined = store.get(1)
    expect(found).to.deep.equal({ id: 1 })
    // @ts-expect-error: there is no add
    expect(store.add).to.equal(undefined)
  })
})
