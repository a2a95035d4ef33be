/** What belongs together in the past of live objects: it stays, goes and comes back as a whole, in whatever order it was made. */
import { inspect } from 'node:util'
import { expect } from 'chai'
import { memory } from '../../index.js'
import { dirty, live, raw } from '../../models/live.js'
import { refused } from '../refusal.js'
import { folder } from '../stores/json-file/folder.js'

class Thing {
  id = ''
  n = 0
  m = 0
  get twice(): number {
    return 2 * this.n
  }
}

class Listing {
  id = ''
  list: unknown[] = []
}

const quiet = { lookEvery: 0 } as const

describe('live objects, together', () => {
  const files = folder()

  async function two(options: object = {}) {
    const store = await live(Thing, memory(), { ...quiet, ...options })
    return { store, a: store.add({ id: 'a' }), b: store.add({ id: 'b' }) }
  }

  it('what outlives a transaction is no part of it, also while another one is open', async () => {
    const { store, a, b } = await two()
    let later = () => {}
    let end = () => {}
    let late: Promise<void> | undefined
    await store.transaction(() => {
      a.n = 1
      late = new Promise<void>(resolve => {
        later = resolve
      }).then(() => {
        b.n = 5
      })
    })
    const other = store.transaction(() => new Promise<void>(resolve => (end = resolve)))
    later()
    await late
    end()
    await other
    await store.flush()
    expect(dirty(b)).to.equal(false)
    b.n = 6
    expect([b.undo(), b.n, b.undo(), b.n]).to.deep.equal([1, 5, 1, 0])
  })

  it('what fails within a transaction leaves nothing of itself there', async () => {
    const { store, a, b } = await two()
    await store.transaction(async () => {
      a.n = 1
      await refused(() => store.set({ id: 'a', n: 7, m: { of: Number.NaN } } as never), 'DataCloneError')
      await refused(() => store.upsert({ id: 'b', n: 7, m: Number.NaN }), 'DataCloneError')
      b.m = 2
    })
    await store.flush()
    expect([raw(a), raw(b), dirty(b)]).to.deep.equal([
      Object.assign(new Thing(), { id: 'a', n: 1 }),
      Object.assign(new Thing(), { id: 'b', m: 2 }),
      false,
    ])
    // an undo that stops half way is one as well
    a.n = 2
    b.m = 3
    const other = store.add({ id: 'other' })
    await store.transaction(() => {
      a.id = 'c'
      a.n = 3
    })
    other.id = 'a'
    await store.transaction(() => refused(() => a.undo(), 'ConstraintError', 'taken'))
    expect([a.id, a.n, store.get('c') === a]).to.deep.equal(['c', 3, true])
  })

  it('one in another is part of it: if it fails, all of it does', async () => {
    const { store, a, b } = await two()
    const error = new Error('no')
    const outer = store.transaction(async () => {
      a.n = 1
      await store
        .transaction(() => {
          b.n = 1
          throw error
        })
        .catch(() => {})
      b.m = 1
    })
    expect(await outer.catch(reason => reason)).to.equal(error)
    expect([a.n, b.n, b.m, a.changes().length, b.changes().length]).to.deep.equal([0, 0, 0, 1, 1])
    a.n = 2
    await store.flush()
  })

  it('one with more changes than are kept is undone as a whole, or not at all', async () => {
    const { store, a, b } = await two({ undoLimit: 3 })
    await store.transaction(() => {
      b.n = 1
      for (let n = 1; n <= 50; n++) a.n = n
    })
    expect([store.undo(), a.n, b.n]).to.deep.equal([2, 0, 0])
    expect([store.redo(), a.n, b.n]).to.deep.equal([2, 50, 1])
    for (let m = 1; m <= 3; m++) a.m = m
    expect([a.undo(9), a.n, a.m]).to.deep.equal([3, 50, 0])
  })

  it('objects that have exchanged their keys go back and forth together', async () => {
    const open = () => live(Thing, files.path('swapped'), { ...quiet, durability: 'relaxed' })
    const store = await open()
    const [a, b] = [store.add({ id: 'a', n: 1 }), store.add({ id: 'b', n: 2 })]
    await store.flush()
    await store.transaction(() => {
      a.id = 'for now'
      b.id = 'a'
      a.id = 'b'
    })
    const numbers = () => ['a', 'b'].map(key => store.get(key)?.n)
    expect(numbers()).to.deep.equal([2, 1])
    expect([store.undo(), ...numbers(), store.get('a') === a]).to.deep.equal([2, 1, 2, true])
    await store.flush()
    expect([store.redo(), ...numbers()]).to.deep.equal([2, 2, 1])
    await store.close()
    const again = await open()
    expect([again.undo(), again.get('a')?.n, again.get('b')?.n]).to.deep.equal([2, 1, 2])
    await again.close()
  })

  it('one that has taken the key of a deleted one leaves that its past', async () => {
    const open = () => live(Thing, files.path('taken'), { ...quiet, durability: 'relaxed' })
    const store = await open()
    const [a, b] = [store.add({ id: 'a', n: 1 }), store.add({ id: 'b', n: 2 })]
    await store.flush()
    store.delete(b)
    a.id = 'b'
    await store.close()
    const again = await open()
    const numbers = () => ['a', 'b'].map(key => again.get(key)?.n)
    expect([again.undo(), numbers(), again.undo(), numbers()]).to.deep.equal([1, [1, undefined], 1, [1, 2]])
    expect([again.redo(), again.redo(), numbers(), again.redo()]).to.deep.equal([1, 1, [undefined, 1], 0])
    await again.close()
  })

  it('what is done anew to one ends what can be done again of all', async () => {
    const { store, a, b } = await two()
    a.n = 1
    b.n = 1
    store.undo()
    store.undo()
    b.m = 1
    expect([store.redo(), a.n, b.n]).to.deep.equal([0, 0, 0])
    store.undo()
    expect([store.redo(), b.m, store.redo()]).to.deep.equal([1, 1, 0])
  })

  it('what is put into an array is undone and done again as it was', async () => {
    const store = await live(Listing, memory(), quiet)
    const object = store.add({ id: 'a', list: [{ x: 1 }] })
    const acts: ((list: unknown[]) => unknown)[] = [
      list => list.unshift({ x: 0 }),
      list => list.push({ x: 2 }, [{ x: 3 }]),
      list => list.splice(1, 1, { y: new Date(0) }),
      list => list.fill({ z: 1 }, 0, 1),
    ]
    for (const act of acts) {
      const before = structuredClone(object.list)
      act(object.list)
      const after = structuredClone(object.list)
      act(before)
      expect(after).to.deep.equal(before)
      object.undo()
      object.redo()
      expect(structuredClone(object.list)).to.deep.equal(after)
    }
  })

  it('one that has another key, not saved yet, is not seen under both, whatever the store tells', async () => {
    const place = memory()
    const store = await live(Thing, place, quiet)
    const object = store.add({ id: 'a' })
    await store.flush()
    await store.transaction(async () => {
      object.id = 'b'
      place.put({ id: 'a', n: 5, m: 0 })
      for (let turn = 0; turn < 50; turn++) await null
    })
    expect([[...store.keys()], object.n, [...place.query()]]).to.deep.equal([['b'], 5, [{ id: 'b', n: 5, m: 0 }]])
  })

  it('what was changed before a transaction that fails is saved without being asked for', async () => {
    const { store, a } = await two()
    await store.flush()
    a.n = 1
    const failed = store.transaction(async () => {
      a.m = 1
      await null
      throw new Error('no')
    })
    await failed.catch(() => {})
    for (let turn = 0; turn < 50; turn++) await null
    expect([dirty(a), a.m]).to.deep.equal([false, 0])
  })

  it('of many that ask for one key at once, read when it is needed, there is one object', async () => {
    const store = await live(Thing, files.path('lazy'), { ...quiet, load: 'lazy', durability: 'relaxed' })
    const made = await Promise.allSettled([
      store.add({ id: 'a', n: 1 }),
      store.add({ id: 'a', n: 2 }),
      store.upsert({ id: 'a', m: 3 }),
      store.set({ id: 'a', n: 4, m: 3 }),
      store.get('a'),
    ])
    expect(made.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', ...Array(3).fill('fulfilled')])
    const objects = made.map(each => (each.status === 'fulfilled' ? each.value : undefined)).filter(Boolean)
    expect(new Set(objects).size).to.equal(1)
    await store.close()
    const again = await live(Thing, files.path('lazy'), { ...quiet, durability: 'relaxed' })
    expect([again.size, { ...again.get('a') }]).to.deep.equal([1, { id: 'a', n: 4, m: 3 }])
    await again.close()
  })

  it('properties of any name are its own, whatever the class has of that name', async () => {
    const store = await live(Thing, memory(), { ...quiet, key: object => `${object.id} of ${object.twice}` })
    const given = JSON.parse('{ "id": "a", "__proto__": { "x": 1 }, "twice": 3 }')
    const object = store.add(given)
    const plain = raw(object)
    expect([plain instanceof Thing, Object.keys(plain), (plain as { x?: unknown }).x]).to.deep.equal([
      true,
      ['id', 'n', 'm', '__proto__', 'twice'],
      undefined,
    ])
    expect(inspect(object)).to.equal(inspect(plain)).and.to.include('twice: 3')
    expect([...store.keys()]).to.deep.equal(['a of 3'])
  })
})
