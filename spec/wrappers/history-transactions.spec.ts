import { expect } from 'chai'
import { feed } from '../../lib/feed.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { failing } from '../../wrappers/failing.js'
import { live } from '../../wrappers/history/live.js'
import { history } from '../../wrappers/history.js'
import { refused } from '../refusal.js'
import { folder } from '../stores/json-file/folder.js'
import { messageOf } from './held.js'

type Person = { id: number; age?: number }

const people = () => history(memory<Person, number>(), { log: memory() })

describe('history, transactions', () => {
  const files = folder()

  it('one record for what has become of each object, all with one transaction', async () => {
    const store = people()
    store.put({ id: 9 })
    await transaction(
      store,
      async tx => {
        await tx.put({ id: 1, age: 1 })
        await tx.put({ id: 1, age: 2 }, { reason: 'again' })
        await tx.put({ id: 2 })
        await tx.delete(2)
        await tx.delete(9)
        expect([...(tx.query() as Iterable<Person>)]).to.deep.equal([{ id: 1, age: 2 }])
        expect([...store.changes()].length).to.equal(1)
      },
      { actor: 'ann' },
    )
    expect([...store.changes()].slice(1).map(({ date: _, ...record }) => record)).to.deep.equal([
      { sequence: 2, type: 'add', id: 1, next: { id: 1, age: 2 }, actor: 'ann', reason: 'again', transaction: 2 },
      { sequence: 3, type: 'delete', id: 9, previous: { id: 9 }, actor: 'ann', transaction: 2 },
    ])
  })

  it('an aborted one leaves no record, and no number is left out', async () => {
    const store = people()
    const tx = await store.transaction()
    await tx.put?.({ id: 1 })
    await tx.abort()
    expect([...store.changes()]).to.deep.equal([])
    store.put({ id: 1 })
    expect([...store.changes()][0]?.sequence).to.equal(1)
  })

  it('records what it has looked at: another id at the second reading is refused, and so is a put of nobody knew what', async () => {
    const store = history(memory({ objects: [{ id: 'b' }] }), { log: memory() })
    let reads = 0
    const shifty = {
      get id() {
        return reads++ > 0 ? 'b' : 'a'
      },
    }
    await refused(() => store.put(shifty), 'DataError')
    // a store that does not say by which property it names its objects
    const silent = { ...memory({ idProperty: 'key', objects: [{ key: 'b' }] }) }
    const keyed = history(silent, { log: memory() })
    await refused(() => keyed.put({ key: 'b' }), 'PreconditionFailedError')
    expect([[...store.changes()], [...keyed.changes()]]).to.deep.equal([[], []])
  })

  it('once ended, it takes no more', async () => {
    const store = people()
    const tx = await store.transaction()
    await tx.put?.({ id: 1 })
    await tx.commit()
    for (const work of [() => tx.put?.({ id: 2 }), () => tx.get?.(1), () => tx.commit()]) {
      expect(work).to.throw().with.property('name', 'TransactionInactiveError')
    }
    await tx.abort()
    expect(store.count()).to.equal(1)
  })

  it('writes that nobody has waited for are in it', async () => {
    const slow = aggregate([{ store: memory<Person, number>() }])
    const log = memory()
    const store = history(slow as Required<Store<Person, number>>, { log })
    const tx = await store.transaction()
    const writes = [tx.put?.({ id: 1 }), tx.put?.({ id: 1, age: 2 }), tx.add?.({ id: 2 })]
    await tx.commit()
    expect(await Promise.all(writes)).to.deep.equal([1, 1, 2])
    expect([...store.changes()].map(({ id, next }) => [id, next])).to.deep.equal([
      [1, { id: 1, age: 2 }],
      [2, { id: 2 }],
    ])
  })

  it('whatever fails before the end leaves neither an object nor a record', async () => {
    let place = 0
    for (let left = true; left; place++) {
      let calls = 0
      left = false
      const fateOf = ({ method }: { method: string }) => {
        if (method === 'commit' || method === 'abort' || calls++ !== place) return undefined
        left = true
        return 'before' as const
      }
      const inner = memory<Person, number>()
      const log = memory()
      history(inner, { log }).put({ id: 1, age: 0 })
      history(inner, { log }).put({ id: 1, age: 1 })
      const store = history(failing(inner, { when: fateOf }), { log: failing(log, { when: fateOf }), max: 2 })
      const sequences = () => [...log.query()].map(({ id }) => id)
      const message = await messageOf((async () => store.put({ id: 1, age: 2 }))())
      expect([inner.get(1)?.age, ...sequences()]).to.deep.equal(left ? [1, 1, 2] : [2, 2, 3])
      if (left) expect(message).to.include('failed')
      // from here on nothing fails
      calls = Infinity
      await messageOf((async () => store.put({ id: 1, age: 3 }))())
      expect([inner.get(1)?.age, ...sequences()]).to.deep.equal(left ? [3, 2, 3] : [3, 3, 4])
    }
    expect(place).to.be.greaterThan(8)
  })

  it('ends as one with others in a larger group', async () => {
    const store = people()
    const other = memory<Person, number>()
    for (const fail of [true, false]) {
      const work = transaction([store, other], async ([tx, beside]) => {
        await tx.put({ id: 1 })
        await beside.put({ id: 2 })
        if (fail) throw new Error('no')
      })
      expect(await messageOf(work)).to.equal(fail ? 'no' : undefined)
      expect([store.count(), other.count(), [...store.changes()].length]).to.deep.equal(fail ? [0, 0, 0] : [1, 1, 1])
    }
  })

  it('prepares in a larger group of several databases', async () => {
    const [objects, log, other] = ['objects', 'log', 'other'].map(name =>
      sqlite({ path: files.path(`${name}.db`), durability: 'relaxed' }),
    ) as unknown as [Store<Person, number>, Store, Required<Store<Person, number>>]
    const store = history(objects, { log })
    expect(await messageOf((async () => store.put?.({ id: 1 }))())).to.include('coordinator: transactionLog({ path })')
    const decisions = transactionLog({ path: files.path('decisions') })
    await transaction(
      [store, other],
      async ([tx, beside]) => {
        await tx.put?.({ id: 1 })
        await beside.put({ id: 2 })
      },
      { log: decisions },
    )
    const records = []
    for await (const record of store.changes()) records.push(record.id)
    expect([await other.count(), records]).to.deep.equal([1, [1]])
    await Promise.all([store.close?.(), other.close()])
  })

  it('those who follow get the changes in the order of their sequences', async () => {
    const path = files.path('app.db')
    const [objects, log] = ['objects', 'log'].map(table => sqlite({ path, table, durability: 'relaxed' }))
    const store = history(objects as Store<Person, number>, { log: log as Store })
    const changes = store.subscribe()
    await Promise.all(Array.from({ length: 50 }, async (_, id) => store.put?.({ id })))
    const seen: (number | undefined)[] = []
    for await (const { sequence } of changes) if (seen.push(sequence) === 50) break
    expect(seen).to.deep.equal(seen.map((_, at) => at + 1))
    await store.close?.()
  })
})

describe('history, those who follow', () => {
  it('are told in the order of the sequences, whoever learns first that it is committed', () => {
    const published: unknown[] = []
    const record = live<Person, number>({
      ...feed<Person, number>(),
      followed: true,
      publish: changes => void published.push(...changes.map(({ sequence }) => sequence)),
    })
    const tell = [1, 2, 3, 4].map(id => record([{ id } as never], [{ id } as never]))
    tell[1]?.(true)
    tell[2]?.(false)
    expect(published).to.deep.equal([])
    tell[0]?.(true)
    expect(published).to.deep.equal([1, 2])
    tell[3]?.(true)
    expect(published).to.deep.equal([1, 2, 4])
  })
})

describe('history, what it needs', () => {
  it('is refused at once without', () => {
    const log = memory()
    const inner = memory()
    const refused = (work: () => unknown, message: string) => expect(work).to.throw(message)
    refused(() => history(inner, { log: inner }), 'a log of its own')
    refused(() => history(inner, { log, max: 0 }), 'max is a number')
    refused(() => history({ put: inner.put } as Store, { log }), 'the store must have get, transaction')
    refused(() => history(inner, { log: { get: log.get } as Store }), 'the log must have add')
  })

  it('a log that holds something else is refused', () => {
    const store = history(memory<Person, number>(), { log: memory({ objects: [{ id: 'x' }] }) })
    expect(() => store.put({ id: 1 })).to.throw(TypeError, 'for one history alone')
    expect(store.count()).to.equal(0)
  })

  it('what types say', () => {
    const store = people()
    store.put({ id: 1, age: 1 })
    const [record] = store.changes(1)
    const age: number | undefined = record?.next?.age
    const there: Person | undefined = store.get(1)
    // @ts-expect-error: ids are numbers here
    store.changes('1')
    // @ts-expect-error: there is no such property
    expect([age, there?.age, record?.next?.name]).to.deep.equal([1, 1, undefined])
  })
})
