import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Model, memory, type Store } from '../../index.js'
import { changes, type LiveChange, live, undo } from '../../models/live.js'
import { failing } from '../../wrappers/failing.js'
import { folder } from '../stores/json-file/folder.js'

class Person {
  name = ''
  age = 0
  birthday(): void {
    this.age++
  }
}

const options = { key: 'name', lookEvery: 0 } as const

describe('live objects, saved', () => {
  const files = folder()
  const object = (name: string) => JSON.parse(readFileSync(files.path(`data/${name}.json`), 'utf8'))
  const names = () => readdirSync(files.path('data')).filter(name => name.endsWith('.json'))
  const open = (more: object = {}) => live(Person, files.path('data'), { ...options, ...more })

  /** Counts the writes that reach a store. */
  function counted(store: Required<Store>): { store: Store; writes: string[] } {
    const writes: string[] = []
    const put: Store['put'] = (given, more) => {
      writes.push(`put ${(given as Person).name}`)
      return store.put(given, more)
    }
    const removed: Store['delete'] = (id, more) => {
      writes.push(`delete ${id}`)
      return store.delete(id, more)
    }
    return { store: { ...store, put, delete: removed, transaction: undefined as never }, writes }
  }

  it('writes once for all of one tick, and nothing for nothing', async () => {
    const { store: counting, writes } = counted(memory({ idProperty: 'name' }))
    const store = await live(Person, counting, options)
    const ada = store.add({ name: 'ada' })
    for (let times = 0; times < 10; times++) ada.birthday()
    await store.flush()
    expect(writes).to.deep.equal(['put ada'])
    ada.age++
    ada.age--
    await store.flush()
    expect([writes, changes(ada).length]).to.deep.equal([['put ada'], 13])
    ada.name = 'eve'
    await store.flush()
    expect(writes.slice(1)).to.deep.equal(['delete ada', 'put eve'])
    expect([store.delete(ada), store.delete(ada), store.delete('nobody')]).to.deep.equal([true, false, false])
    await store.flush()
    expect(writes.slice(3)).to.deep.equal(['delete eve'])
    await store.close()
  })

  it('keeps each in a file of its own, and what happened beside', async () => {
    const store = await open()
    for (const name of ['a/b', 'a.b', 'A_B']) store.add({ name, age: 1 })
    const person = store.get('a/b') as Person
    person.age = 2
    await store.close()
    expect(names()).to.have.length(3)
    const again = await open()
    const same = again.get('a/b') as Person
    expect([again.size, same.age, changes(same).map(({ kind }) => kind)]).to.deep.equal([3, 2, ['add', 'update']])
    expect([undo(same, 2), again.has('a/b')]).to.deep.equal([2, false])
    await again.flush()
    expect(names()).to.have.length(2)
    expect(again.redo('a/b')).to.equal(1)
    await again.close()
    expect(object('a%2Fb')).to.deep.equal({ name: 'a/b', age: 1 })
  })

  it('keeps who, when, and in what order', async () => {
    let time = 0
    let actor: string | undefined = 'ann'
    const clock = () => ++time
    const store = await open({ actor: () => actor, clock })
    const ada = store.add({ name: 'ada' })
    actor = undefined
    ada.age = 1
    await store.close()
    const again = await open()
    expect(again.changes()).to.deep.equal([
      {
        sequence: 1,
        kind: 'add',
        key: 'ada',
        path: [],
        next: { name: 'ada', age: 0 },
        date: new Date(1),
        actor: 'ann',
      },
      { sequence: 2, kind: 'update', key: 'ada', path: ['age'], previous: 0, next: 1, date: new Date(1) },
    ])
    await again.close()
  })

  it('finds a delete that nobody saw, on flush and by looking', async () => {
    const store = await live({ id: String, note: String }, memory(), { lookEvery: 1 })
    const object = store.add({ id: 'x', note: 'y' })
    await store.flush()
    const told = store.subscribe()[Symbol.asyncIterator]()
    delete (object as { note?: string }).note
    const { value } = await told.next()
    expect([value.kind, value.path, value.previous]).to.deep.equal(['update', ['note'], 'y'])
    await store.close()
  })

  it('is told once of every kind of change, by hooks and subscriptions', async () => {
    const store = await open()
    const seen: string[] = []
    const line = (change: LiveChange) => `${change.kind} ${change.path.join('.')}`.trim()
    const end = store.onChange((who, made) => seen.push(`${who.name}: ${made.map(line).join(', ')}`))
    const told = store.subscribe('kind=delete')[Symbol.asyncIterator]()
    const ada = store.add({ name: 'ada' })
    ada.age = 1
    store.set({ name: 'ada', age: 2 })
    store.upsert({ name: 'ada', age: 3 })
    undo(ada)
    await store.transaction(() => {
      ada.age = 5
      ada.name = 'eve'
    })
    await store.transaction(() => Promise.reject(new Error('no'))).catch(() => {})
    store.delete(ada)
    end()
    store.redo()
    expect(seen).to.deep.equal([
      'ada: add',
      'ada: update age',
      'ada: update age',
      'ada: update age',
      'ada: update age',
      'eve: update age, update name',
      'eve: delete',
    ])
    expect((await told.next()).value).to.include({ kind: 'delete', key: 'eve' })
    await store.close()
  })

  it('says what could not be saved, keeps it, and saves the rest', async () => {
    const model = Model(memory(), { properties: { id: String, n: { type: 'integer', maximum: 9 } } })
    const errors: unknown[] = []
    const store = await live(model, { lookEvery: 0, onError: error => void errors.push(error) })
    const [a, b] = [store.add({ id: 'a', n: 1 }), store.add({ id: 'b', n: 1 })]
    await store.flush()
    a.n = 10
    b.n = 2
    await setImmediate()
    const error = await store.flush().catch(error => error)
    expect([error.name, errors.length, store.problems().map(each => each.object.id)]).to.deep.equal([
      'ValidationError',
      1,
      ['a'],
    ])
    expect([await model.get('a'), await model.get('b')].map(each => each?.n)).to.deep.equal([1, 2])
    expect((await store.commit(a).catch(error => error)).name).to.equal('ValidationError')
    a.n = 3
    await store.flush()
    expect([(await model.get('a'))?.n, store.problems()]).to.deep.equal([3, []])
    expect(() => store.add({ id: 'c', n: 10 })).to.throw('n')
    await store.close()
  })

  it('is all or nothing in a transaction, also where the store refuses', async () => {
    const model = Model(memory(), { properties: { id: String, n: { type: 'integer', minimum: 0 } } })
    const store = await live(model, { lookEvery: 0, onError() {} })
    const [a, b] = [store.add({ id: 'a', n: 5 }), store.add({ id: 'b', n: 5 })]
    const move = (by: number) => async () => {
      a.n = (a.n ?? 0) - by
      await setImmediate()
      b.n = (b.n ?? 0) + by
      return by
    }
    expect(await store.transaction(move(2))).to.equal(2)
    expect((await store.transaction(move(4)).catch(error => error)).name).to.equal('ValidationError')
    expect([a.n, b.n, a.changes().length, store.problems()]).to.deep.equal([3, 7, 2, []])
    expect([store.undo(), a.n, b.n, store.redo(), a.n, b.n]).to.deep.equal([2, 5, 5, 2, 3, 7])
    const moving = store.transaction(move(1))
    expect(() => {
      a.n = 0
    }).to.throw('a is being changed in a transaction')
    b.n = 1
    expect((await moving.catch(error => error)) === 1).to.equal(true)
    expect([a.n, b.n]).to.deep.equal([2, 2])
    await store.close()
  })

  it('keeps a bounded number of changes, at a cost that does not grow', async () => {
    const log = memory()
    const store = await live(Person, memory({ idProperty: 'name' }), { ...options, undoLimit: 10, log })
    const ada = store.add({ name: 'ada' })
    for (let age = 1; age <= 5000; age++) {
      ada.age = age
      if (age % 100 === 0) await store.flush()
    }
    await store.flush()
    expect([log.count() < 50, changes(ada).length, undo(ada, 100), ada.age]).to.deep.equal([true, 10, 10, 4990])
    await store.close()
  })

  it('saves what is dirty when it is closed, unless it is told not to', async () => {
    for (const saveOnExit of [true, false]) {
      const store = await open({ saveOnChange: false, saveOnExit })
      const ada = store.upsert({ name: 'ada', age: 0 })
      await store.commit(ada)
      ada.age = 1
      await store.close()
      expect(object('ada').age).to.equal(saveOnExit ? 1 : 0)
      expect(() => {
        ada.age = 2
      }).to.throw('closed')
      expect(() => store.get('ada')).to.throw('closed')
    }
  })

  it('tries again what failed', async () => {
    let fails = true
    const inner = failing(memory({ idProperty: 'name' }), {
      when: ({ method }) => (fails && method === 'put' ? new Error('disk full') : undefined),
    })
    const store = await live(Person, inner, { ...options, onError() {} })
    const ada = store.add({ name: 'ada' })
    expect((await store.flush().catch(error => error)).message).to.contain('disk full')
    expect(ada.age).to.equal(0)
    fails = false
    await store.flush()
    expect(store.problems()).to.deep.equal([])
    await store.close()
  })
})
