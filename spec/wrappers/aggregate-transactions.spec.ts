import { expect } from 'chai'
import type { Change, Store, Transaction } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { all, refused, take } from '../conformance/case.js'
import { folder } from '../stores/json-file/folder.js'
import { slow, turn } from './aggregate/slow.js'

/** People, whose portraits are kept apart. */
function people() {
  const [persons, portraits] = [memory(), memory({ idProperty: 'of' })]
  const store = aggregate([{ store: persons }, { store: portraits, properties: ['photo', 'by'], idProperty: 'of' }])
  return { store, persons, portraits }
}

describe('aggregate, in a transaction', () => {
  it('keeps what a part refuses out of the others', async () => {
    const { store, persons, portraits } = people()
    store.setSchema({ properties: { name: { unique: true } } })
    await store.put({ id: 1, name: 'Ada', photo: 'a.png' })
    await transaction(store, async tx => {
      await refused(() => tx.put({ id: 2, name: 'Ada', photo: 'b.png' }), 'ConstraintError')
      await refused(() => tx.add({ id: 1, name: 'Bo', photo: 'b.png' }), 'ConstraintError')
      await tx.put({ id: 1, name: 'Ada', photo: 'c.png' })
    })
    await refused(() => store.put({ id: 2, name: 'Ada', photo: 'b.png' }), 'ConstraintError')
    expect([...persons.query()]).to.deep.equal([{ id: 1, name: 'Ada' }])
    expect([...portraits.query()]).to.deep.equal([{ of: 1, photo: 'c.png' }])
  })

  it('writes and reads that are given at once do not mix', async () => {
    const store = aggregate([{ store: memory() }, { store: slow(memory()), properties: ['a'] }]) as Store
    await store.put?.({ id: 1, a: 0, b: 0 })
    await transaction(store, async tx => {
      const writes = [1, 2, 3].map(n => tx.put?.({ id: 1, a: n, b: n }))
      for (let n = 0; n < 10; n++) {
        const [got] = await Promise.all([tx.get?.(1), turn()])
        expect(got?.a).to.equal(got?.b)
      }
      await Promise.all(writes)
      expect(await tx.get?.(1)).to.deep.equal({ id: 1, a: 3, b: 3 })
    })
  })

  it('gives one change for each object when it has committed', async () => {
    const { store } = people()
    await store.put({ id: 1, name: 'Ada', photo: 'a.png' })
    const changes: AsyncIterator<Change> = store.subscribe()[Symbol.asyncIterator]()
    const aborted = await store.transaction()
    await aborted.put?.({ id: 9 })
    await aborted.abort()
    await transaction(store, async tx => {
      await tx.put({ id: 1, name: 'Eve', photo: 'a.png' })
      await tx.put({ id: 1, name: 'Eve', photo: 'b.png' })
      await tx.put({ id: 2, photo: 'c.png' })
      await tx.delete(2)
    })
    await store.delete(1)
    const eve = { id: 1, name: 'Eve', photo: 'b.png' }
    expect(await take(changes, 2)).to.deep.equal([
      { type: 'put', id: 1, object: eve, previous: { id: 1, name: 'Ada', photo: 'a.png' } },
      { type: 'delete', id: 1, previous: eve },
    ])
  })
})

describe('aggregate, in a larger transaction', () => {
  const { path } = folder()

  it('commits and aborts with the other stores', async () => {
    const { store, persons, portraits } = people()
    const other = memory()
    const changes = store.subscribe()[Symbol.asyncIterator]()
    await refused(
      () =>
        transaction([other, store], async ([a, b]) => {
          await a.put({ id: 1 })
          await b.put({ id: 1, name: 'Ada', photo: 'a.png' })
          await a.add({ id: 1 })
        }),
      'ConstraintError',
    )
    expect([other.count(), persons.count(), portraits.count()]).to.deep.equal([0, 0, 0])
    await transaction([store, other], async ([a, b]) => {
      await a.put({ id: 2, name: 'Bo', photo: 'b.png' })
      await b.put({ id: 2 })
      expect(await a.get(2)).to.deep.equal({ id: 2, name: 'Bo', photo: 'b.png' })
    })
    expect([other.count(), persons.count(), portraits.count()]).to.deep.equal([1, 1, 1])
    expect((await take(changes, 1)).map(({ id }) => id)).to.deep.equal([2])
  })

  it('commits with one database, in one moment', async () => {
    const [database, part, other] = [sqlite({ path: path('a.db') }), memory(), memory()]
    const store = aggregate([{ store: part }, { store: database, properties: ['a'] }])
    for (const stores of [[store], [other, store], [store, other]] as readonly (readonly Store[])[]) {
      let committed = false
      const commit = transaction(stores, async txs => {
        for (const tx of txs) await tx.put?.({ id: 1, a: stores.length, b: 2 })
      }).finally(() => {
        committed = true
      })
      while (!committed) {
        const seen = [database.get(1), part.get(1), ...(stores.length > 1 ? [other.get(1)] : [])]
        expect(new Set(seen.map(each => each === undefined)).size, 'what is seen of three').to.equal(1)
        await undefined
      }
      await commit
      expect(await store.get(1)).to.deep.equal({ id: 1, b: 2, a: stores.length })
      await store.delete(1)
      other.delete(1)
    }
    await store.close()
  })

  it('two-phase, with databases of its own and of others', async () => {
    const log = transactionLog({ path: path('log') })
    const open = async () => {
      const files = await Promise.all(['a', 'b', 'c'].map(name => jsonFile({ path: path(name) })))
      const [a, b, c] = files as [(typeof files)[0], (typeof files)[0], (typeof files)[0]]
      return { store: aggregate([{ store: a, properties: ['a'] }, { store: b }], { log }), other: c }
    }
    const { store, other } = await open()
    await store.put({ id: 1, a: 1, b: 1 })
    await transaction(
      [store, other],
      async ([one, two]) => {
        await one.put({ id: 2, a: 2, b: 2 })
        await two.put({ id: 2 })
      },
      { log },
    )
    await Promise.all([store.close(), other.close()])
    const again = await open()
    expect(await all(again.store)).to.deep.equal([
      { id: 1, a: 1, b: 1 },
      { id: 2, a: 2, b: 2 },
    ])
    expect(again.other.count()).to.equal(1)
    await Promise.all([again.store.close(), again.other.close()])
  })

  it('is refused without a log, before anything is written', async () => {
    const [a, b] = [await jsonFile({ path: path('a') }), await jsonFile({ path: path('b') })]
    const store = aggregate([{ store: a, properties: ['a'] }, { store: b }])
    expect((await refused(() => store.put({ id: 1, a: 1, b: 1 }), 'NotSupportedError')).message).to.match(/log/)
    expect([a.count(), b.count(), await store.get(1)]).to.deep.equal([0, 0, undefined])
    await store.close()
  })

  it('refuses a part that cannot prepare, unless nobody else has to last', async () => {
    const unprepared = (inner = memory()): Store => ({
      ...inner,
      transaction: async options => {
        const { prepare: _, ...tx } = (await inner.transaction(options)) as Transaction
        return tx
      },
    })
    const one = aggregate([{ store: memory() }, { store: unprepared(), properties: ['a'] }])
    const other = memory()
    await transaction([one, other], async ([tx, other]) => {
      await tx.put?.({ id: 1, a: 1, b: 1 })
      await other.put({ id: 2 })
    })
    expect([await one.get?.(1), other.count()]).to.deep.equal([{ id: 1, a: 1, b: 1 }, 1])
    await refused(() => transaction([one, unprepared()], () => {}), 'NotSupportedError')
    await refused(async () => transaction([one, await jsonFile({ path: path('c') })], () => {}), 'NotSupportedError')
    const two = aggregate([{ store: unprepared() }, { store: unprepared(), properties: ['a'] }])
    await refused(() => two.put?.({ id: 1 }), 'NotSupportedError')
    await refused(() => transaction([two, memory()], () => {}), 'NotSupportedError')
  })
})
