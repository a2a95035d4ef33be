import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type HistoryOptions, history } from '../../wrappers/history.js'
import { clock, messageOf } from './held.js'

type Person = { id: number; name?: string; age?: number }

const ada = (age: number): Person => ({ id: 1, name: 'Ada', age })

function people(options: Omit<HistoryOptions, 'log'> = {}) {
  const time = clock()
  const log = memory()
  return { time, log, store: history(memory<Person, number>(), { log, clock: time, ...options }) }
}

async function all<T>(found: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const each of found) list.push(each)
  return list
}

describe('history, records', () => {
  it('say what changed, when, by whom and why, and no more', () => {
    const { store, time } = people({ actor: () => 'system' })
    store.add(ada(36), { actor: 'ann' })
    time.time = 5
    store.put(ada(37), { reason: 'birthday' })
    time.time = 2
    store.delete(1)
    const from = (time: number) => ({ date: new Date(time) })
    expect([...store.changes()]).to.deep.equal([
      { sequence: 1, type: 'add', id: 1, next: ada(36), ...from(0), actor: 'ann', transaction: 1 },
      {
        sequence: 2,
        type: 'put',
        id: 1,
        previous: { age: 36 },
        next: { age: 37 },
        ...from(5),
        actor: 'system',
        reason: 'birthday',
        transaction: 2,
      },
      { sequence: 3, type: 'delete', id: 1, previous: ada(37), ...from(5), actor: 'system', transaction: 3 },
    ])
  })

  it('are chosen by object, actor, transaction, time and conditions', async () => {
    const { store, time } = people()
    await transaction(
      store,
      async tx => {
        await tx.put(ada(1))
        await tx.put({ id: 2 }, { actor: 'bob' })
      },
      { actor: 'ann' },
    )
    time.time = 10
    await store.put(ada(2))
    const sequences = (...given: Parameters<typeof store.changes>) =>
      [...store.changes(...given)].map(({ sequence }) => sequence)
    expect(sequences(1)).to.deep.equal([1, 3])
    expect(sequences({ actor: 'ann' })).to.deep.equal([1])
    expect(sequences({ transaction: 1 })).to.deep.equal([1, 2])
    expect(sequences(undefined, { since: 1, descending: true })).to.deep.equal([3, 2])
    expect(sequences(undefined, { until: 2, limit: 1 })).to.deep.equal([1])
    expect(sequences(undefined, { since: new Date(0) })).to.deep.equal([3])
    expect(sequences(undefined, { until: new Date(9) })).to.deep.equal([1, 2])
    expect(sequences(undefined, { query: 'type=add&actor=bob', limit: 5 })).to.deep.equal([2])
    expect(() => store.changes(undefined, { query: 'limit(1)' })).to.throw(TypeError)
  })

  it('are copies', () => {
    const { store } = people()
    const object = { id: 1, name: 'Ada', list: [1] }
    store.put(object)
    object.list.push(2)
    for (const record of store.changes()) (record.next as typeof object).list.push(3)
    expect([...store.changes()][0]?.next).to.deep.equal({ id: 1, name: 'Ada', list: [1] })
  })

  it('are none of what was refused, or found nothing to delete', () => {
    const { store } = people()
    store.put(ada(1))
    expect(() => store.add(ada(2))).to.throw('already')
    expect(() => store.put(ada(2), { ifNoneMatch: '*' })).to.throw('is stored')
    expect(store.delete(9)).to.equal(false)
    expect(() => store.put(ada(2), { actor: 7 as never })).to.throw(TypeError)
    expect([...store.changes()].length).to.equal(1)
    expect(store.get(1)).to.deep.equal(ada(1))
  })

  it('keep properties of any name', async () => {
    const { store } = people()
    store.put(JSON.parse('{"id":1,"__proto__":{"a":1}}'))
    store.put(JSON.parse('{"id":1,"__proto__":{"a":2},"constructor":1}'))
    await store.undo()
    expect(JSON.stringify(store.get(1))).to.equal('{"id":1,"__proto__":{"a":1}}')
  })
})

describe('history, the past', () => {
  it('is read at a sequence and at a time', async () => {
    const { store, time } = people()
    for (const age of [1, 2, 3]) {
      time.time = age * 10
      await store.put(ada(age))
    }
    await store.put({ id: 2, age: 2 })
    expect(await store.at(2).get(1)).to.deep.equal(ada(2))
    expect(await store.at(new Date(25)).get(1)).to.deep.equal(ada(2))
    expect(await store.at(0).get(1)).to.equal(undefined)
    expect(await all(store.at(4).query('age=2'))).to.deep.equal([{ id: 2, age: 2 }])
    expect(await store.at(3).count('age>0')).to.equal(1)
    expect(Object.keys(store.at(1))).to.deep.equal(['get', 'query', 'count'])
    expect(await messageOf(store.at(9).get(1))).to.include('ends at sequence 4')
    expect(() => store.at(-1)).to.throw(TypeError)
  })

  it('knows what was there before the history', async () => {
    const store = history(memory<Person, number>({ objects: [ada(1), { id: 2 }] }), { log: memory() })
    await store.put(ada(2))
    await store.delete(2)
    expect(await all(store.at(0).query())).to.deep.equal([ada(1), { id: 2 }])
  })

  it('differs by the net changes', async () => {
    const { store } = people()
    await store.put(ada(1))
    await store.put(ada(2))
    await store.put({ id: 2 })
    await store.delete(2)
    await store.put({ id: 3 })
    await store.put(ada(1))
    expect(await store.diff(1, 5)).to.deep.equal([
      { type: 'put', id: 1, previous: { age: 1 }, next: { age: 2 } },
      { type: 'add', id: 3, next: { id: 3 } },
    ])
    expect(await store.diff(6, 3)).to.deep.equal([
      { type: 'put', id: 1, previous: { age: 1 }, next: { age: 2 } },
      { type: 'add', id: 2, next: { id: 2 } },
      { type: 'delete', id: 3, previous: { id: 3 } },
    ])
    expect(await store.diff(1, 6)).to.deep.equal([{ type: 'add', id: 3, next: { id: 3 } }])
  })

  it('is bounded by max: the oldest goes in the same commit', async () => {
    const { store, log } = people({ max: 3 })
    for (let age = 1; age <= 10; age++) {
      await store.put(ada(age))
      expect(log.count()).to.be.at.most(3)
    }
    expect([...store.changes()].map(({ sequence }) => sequence)).to.deep.equal([8, 9, 10])
    expect(await store.at(7).get(1)).to.deep.equal(ada(7))
    expect(await messageOf(store.at(6).get(1))).to.include('before sequence 8 has been dropped')
    for (let steps = 0; steps < 3; steps++) await store.undo(1)
    expect(await store.undo(1)).to.deep.equal([])
  })

  it('is compacted, stopped, and goes on', async () => {
    const { store, time, log } = people()
    for (let age = 1; age <= 2500; age++) {
      time.time = age
      store.put(ada(age))
    }
    const controller = new AbortController()
    const told: unknown[] = []
    const onProgress = (...progress: unknown[]) => {
      if (told.push(progress) === 2) controller.abort(new Error('enough'))
    }
    const before = new Date(2301)
    expect(await messageOf(store.compact({ before, onProgress, signal: controller.signal }))).to.equal('enough')
    expect(told).to.deep.equal([
      [0, 2300],
      [1000, 2300],
    ])
    expect([...store.changes(undefined, { limit: 1 })][0]?.sequence).to.equal(1001)
    expect(await store.compact({ before })).to.equal(1300)
    expect(await store.at(new Date(2400)).get(1)).to.deep.equal(ada(2400))
    expect(await messageOf(store.at(new Date(2300)).get(1))).to.include('dropped')
    expect(await store.compact({ before: 1e9 })).to.equal(199)
    expect(log.count()).to.equal(1)
    store.put(ada(0))
    expect([...store.changes()].map(({ sequence }) => sequence)).to.deep.equal([2500, 2501])
  })

  it('goes on with the same numbers when it is opened again', async () => {
    const [inner, log] = [memory<Person, number>(), memory()]
    history(inner, { log }).put(ada(1))
    const other = history(inner, { log })
    other.put(ada(2))
    history(inner, { log }).put(ada(3))
    other.put(ada(4))
    expect([...other.changes()].map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3, 4])
  })

  it('what is no point and no id is refused, and drops nothing', async () => {
    const store = history(memory<{ id: number }, number>(), { log: memory() })
    for (const id of [1, 2, 3]) store.put({ id })
    for (const point of [new Date(Number.NaN), Number.NaN, 1.5, -1, '1' as never, null as never]) {
      expect(await messageOf(store.compact({ before: point }))).to.include('a point in the history is')
      expect(() => store.changes(undefined, { since: point })).to.throw(TypeError)
    }
    for (const id of ['', Number.NaN, 1.5] as never[]) {
      expect(await messageOf(store.undo(id))).to.include('the id')
      expect(() => store.changes(id)).to.throw('the id')
    }
    expect([[...store.changes()].length, await store.at(0).count()]).to.deep.equal([3, 0])
  })
})
