import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type Fate, failing } from '../../wrappers/failing.js'
import { type Problem, type WriteBehindOptions, writeBehind } from '../../wrappers/write-behind.js'
import { all, refused, take } from '../conformance/case.js'
import { held, tick } from './held.js'
import { bare, bareAndLate } from './transactional/bare.js'

/** A store whose timers are called by hand, over one whose calls are counted, and fail when told. */
function observed(options: WriteBehindOptions = {}, kept = bare(memory())) {
  let fate: Fate
  const made: unknown[] = []
  const problems: Problem[] = []
  const timers: { work(): void; ms: number }[] = []
  const inner: Store = {
    ...failing(kept, { when: ({ method }) => (method === 'put' || method === 'delete' ? fate : undefined) }),
  }
  const { put } = inner
  const store = writeBehind(
    {
      ...(inner as typeof kept),
      put(object) {
        made.push(object.id)
        return put?.(object) as number
      },
    },
    {
      onError: problem => problems.push(problem),
      later(work, ms) {
        const timer = { work, ms }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
      ...options,
    },
  )
  return {
    kept,
    store,
    made,
    problems,
    timers,
    fail: (how: Fate) => {
      fate = how
    },
    /** The time is over for what waits. */
    elapse() {
      for (const { work } of timers.splice(0)) work()
    },
  }
}

describe('writeBehind', () => {
  it('acknowledges before the inner store has it, and writes each object once', async () => {
    const { kept, store, made, timers, elapse } = observed({ every: 500 })
    for (let n = 0; n < 10; n++) await store.put({ id: n % 2, n })
    await store.put({ id: 2 })
    await store.put({ id: 0, n: 100 })
    expect([kept.count(), made]).to.deep.equal([0, []])
    expect(timers.map(({ ms }) => ms)).to.deep.equal([500])
    expect(await all(store, 'n>5')).to.deep.equal([
      { id: 0, n: 100 },
      { id: 1, n: 9 },
    ])
    elapse()
    // in the order of the last writes
    expect([made, timers.length]).to.deep.equal([[1, 2, 0], 0])
    expect(await all(kept)).to.deep.equal(await all(store))
  })

  it('flushes at max, and one more waits', async () => {
    const inner = held()
    const store = writeBehind(bare(inner.store as Store), { max: 2, every: 1e9 })
    const go = inner.hold('before', 'put')
    await store.put({ id: 1 })
    await store.put({ id: 2 })
    await store.put({ id: 2, again: true })
    let told = false
    const third = Promise.resolve(store.put({ id: 3 })).then(() => {
      told = true
    })
    await tick()
    expect([told, inner.asked.put]).to.deep.equal([false, 1])
    go()
    await third
    await store.flush()
    expect(inner.inner.count()).to.equal(3)
  })

  it('keeps what could not be flushed, says so, and tries again with longer pauses', async () => {
    const { kept, store, problems, timers, fail, elapse } = observed({ every: 1000, max: 3 })
    fail('before')
    await store.put({ id: 1 })
    for (let turn = 0; turn < 8; turn++) elapse()
    expect(problems.map(({ tries }) => tries)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
    expect(timers.map(({ ms }) => ms)).to.deep.equal([60_000])
    expect(store.problems()).to.have.length(1)
    expect(store.problems()[0]).to.include({ id: 1, tries: 8 })
    await store.put({ id: 2 })
    await store.put({ id: 3 })
    await refused(() => store.put({ id: 4 }), 'UnknownError')
    await refused(() => store.flush(), 'UnknownError')
    expect((await all(store)).map(({ id }) => id)).to.deep.equal([1, 2, 3])
    fail(undefined)
    elapse()
    expect([await all(kept), store.problems(), timers.length]).to.deep.equal([[{ id: 1 }, { id: 2 }, { id: 3 }], [], 0])
  })

  for (const inner of [memory(), bare()]) {
    it(`flushes what comes before a write that is refused${'transaction' in inner ? ', in a transaction' : ''}`, async () => {
      inner.setSchema({ properties: { u: { unique: true } } })
      await inner.put({ id: 9, u: 'taken' })
      const store = writeBehind(inner, { every: 1e9 })
      await store.put({ id: 1 })
      await store.put({ id: 2, u: 'taken' })
      await store.put({ id: 3 })
      await refused(() => store.flush(), 'ConstraintError')
      expect((await all(inner)).map(({ id }) => id)).to.deep.equal([1, 9])
      expect(store.problems()).to.have.length(1)
      expect(store.problems()[0]).to.include({ id: 2 })
      expect([store.discard(2), store.discard(2)]).to.deep.equal([true, false])
      await store.flush()
      expect((await all(inner)).map(({ id }) => id)).to.deep.equal([1, 3, 9])
    })
  }

  it('with unique keys keeps every write, as a value must be given up before it is taken', async () => {
    const inner = bare()
    const store = writeBehind(inner, { every: 1e9 })
    store.setSchema({ properties: { u: { unique: true } } })
    await store.put({ id: 1, u: 'a' })
    await store.flush()
    await store.put({ id: 1, u: 'b' })
    await store.put({ id: 2, u: 'a' })
    await store.put({ id: 1, u: 'c' })
    await refused(() => store.put({ id: 3, u: 'a' }), 'ConstraintError')
    expect(explain(store).numbers).to.include({ pending: 3 })
    await store.flush()
    expect(await all(inner)).to.deep.equal([
      { id: 1, u: 'c' },
      { id: 2, u: 'a' },
    ])
  })

  it('a signal ends the waiting for a flush, and not the flush', async () => {
    const inner = held()
    const store = writeBehind(bare(inner.store as Store), { every: 1e9 })
    await store.put({ id: 1 })
    const go = inner.hold('before', 'put')
    const controller = new AbortController()
    const waiting = store.flush({ signal: controller.signal })
    controller.abort(new Error('enough'))
    expect(await Promise.resolve(waiting).catch((error: Error) => error.message)).to.equal('enough')
    go()
    await store.flush()
    expect(inner.inner.get(1)).to.deep.equal({ id: 1 })
  })

  it('a transaction flushes first, and other writes wait for its end', async () => {
    const inner = memory()
    const store = writeBehind(inner, { every: 1e9 })
    await store.put({ id: 1, n: 1 })
    const tx = await store.transaction()
    expect(inner.get(1)).to.deep.equal({ id: 1, n: 1 })
    const order: string[] = []
    const other = Promise.resolve(store.put({ id: 1, n: 3 })).then(() => order.push('other'))
    await tx.put?.({ id: 1, n: 2 })
    expect(tx.prepare).to.be.a('function')
    await tick()
    order.push('commit')
    await tx.commit()
    expect(inner.get(1)).to.deep.equal({ id: 1, n: 2 })
    await other
    expect([order, store.get(1)]).to.deep.equal([['commit', 'other'], { id: 1, n: 3 }])

    await transaction([store, memory()], async ([one]) => void (await one.put({ id: 2 })))
    expect(inner.count()).to.equal(2)
  })

  it('a transaction over what cannot be flushed does not begin', async () => {
    let broken = true
    const inner = failing(memory(), { when: ({ method }) => (broken && method === 'put' ? 'before' : undefined) })
    const store = writeBehind(inner, { every: 1e9 })
    await store.put({ id: 1 })
    await refused(() => store.transaction(), 'UnknownError')
    broken = false
    await transaction(store, async tx => expect(await tx.get(1)).to.deep.equal({ id: 1 }))
  })

  it('who follows is told when it is flushed', async () => {
    const store = writeBehind(memory(), { every: 1e9 })
    const changes = store.subscribe()[Symbol.asyncIterator]()
    await store.put({ id: 1, n: 1 })
    await store.put({ id: 1, n: 2 })
    await store.flush()
    expect(await take(changes, 1)).to.deep.equal([{ type: 'put', id: 1, object: { id: 1, n: 2 } }])
  })

  it('does not close over what it could not flush', async () => {
    const { kept, store, fail } = observed()
    fail('before')
    await store.put({ id: 1 })
    await refused(() => store.close(), 'UnknownError')
    fail(undefined)
    await store.put({ id: 2 })
    expect(kept.count()).to.equal(0)
    await store.close()
    await refused(() => store.flush(), 'InvalidStateError')
    await refused(() => kept.count(), 'InvalidStateError')
  })

  it('one query sees one state, whatever is written and flushed meanwhile', async () => {
    const kept = memory({ objects: Array.from({ length: 20 }, (_, id) => ({ id, n: id })) })
    const store = writeBehind(bareAndLate(kept) as Store, { every: 1e9 })
    const first = all(store, 'sort(n)&limit(3)')
    const number = store.count?.('n<3')
    for (const id of [0, 1, 2, 3]) await store.put?.({ id, n: 100 })
    await store.flush()
    expect((await first).map(({ id }) => id)).to.deep.equal([4, 5, 6])
    expect(await number).to.equal(0)
    await store.put?.({ id: 4, n: 0.5 })
    expect((await all(store, 'sort(n)&limit(2,1)')).map(({ id }) => id)).to.deep.equal([5, 6])
    expect((await all(store, 'n<10&first()')).map(({ id }) => id)).to.deep.equal([4])
  })

  it('says that it is late', () => {
    const { store } = observed({ every: 500, max: 10 })
    expect(explain(store)).to.deep.include({
      name: 'writeBehind',
      late: true,
      options: { every: 500, max: 10 },
      numbers: { pending: 0, flushes: 0, tries: 0 },
    })
    expect(() => writeBehind(memory(), { every: 0 })).to.throw(TypeError, 'every')
    expect(() => writeBehind(memory(), { max: 0 })).to.throw(TypeError, 'max')
    expect(() => writeBehind({ get: () => undefined, put: () => 1 })).to.throw('get, put and delete')
  })
})
