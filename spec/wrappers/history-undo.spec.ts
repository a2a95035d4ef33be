import { expect } from 'chai'
import { StoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { history } from '../../wrappers/history.js'
import { revisions } from '../../wrappers/revisions.js'

type Person = { id: number; name?: string; age?: number; email?: string }

function people() {
  const store = history(memory<Person, number>(), { log: memory() })
  store.setSchema({ properties: { email: { unique: true } } })
  return store
}

async function errorOf(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => undefined,
    error => error,
  )
  expect(error).to.be.an.instanceOf(StoreError)
  return error
}

describe('history, over revisions that are shown', () => {
  it('an undo and a redo count as the writes that they are, and are block nothing', async () => {
    type Note = { id: number; a?: number; b?: number; _rev?: number }
    const store = history(revisions(memory<Note, number>(), { property: '_rev' }), { log: memory() })
    store.put({ id: 1 })
    store.put({ id: 1, a: 1 })
    store.put({ id: 1, a: 1, b: 1 })
    await store.undo({ id: 1, transaction: 2 })
    expect(store.get(1)).to.deep.equal({ id: 1, b: 1, _rev: 3 })
    await store.redo(1)
    expect(store.get(1)).to.deep.equal({ id: 1, b: 1, a: 1, _rev: 4 })
    store.delete(1)
    await store.undo(1)
    expect(store.get(1)).to.deep.equal({ id: 1, b: 1, a: 1, _rev: 5 })
    expect(await store.at(2).get(1)).to.deep.equal({ id: 1, a: 1, _rev: 1 })
  })
})

describe('history, undo and redo', () => {
  it('goes back step by step, and forward again', async () => {
    const store = people()
    for (const age of [0, 1, 2]) await store.put({ id: 1, age })
    await store.undo(1)
    expect(store.get(1)?.age).to.equal(1)
    await store.undo(1)
    expect(store.get(1)?.age).to.equal(0)
    await store.undo(1)
    expect(store.get(1)).to.equal(undefined)
    expect(await store.undo(1)).to.deep.equal([])
    for (const age of [0, 1, 2]) {
      await store.redo(1)
      expect(store.get(1)?.age).to.equal(age)
    }
    expect(await store.redo(1)).to.deep.equal([])
  })

  it('goes back a long way', async () => {
    const store = people()
    for (let age = 0; age < 250; age++) store.put({ id: 1, age })
    for (let steps = 0; steps < 249; steps++) await store.undo(1)
    expect(store.get(1)?.age).to.equal(0)
    expect(await store.at(120).get(1)).to.deep.equal({ id: 1, age: 119 })
  })

  it('brings back a deleted object with its properties in their order', async () => {
    const store = people()
    await store.put({ id: 1, name: 'Ada', age: 36, email: 'a@x' })
    await store.put({ id: 1, age: 37, email: 'a@x' })
    await store.delete(1)
    await store.undo()
    expect(Object.keys(store.get(1) ?? {})).to.deep.equal(['id', 'age', 'email'])
    await store.undo()
    expect(Object.keys(store.get(1) ?? {})).to.deep.equal(['id', 'name', 'age', 'email'])
  })

  it('a new write ends what could be done again', async () => {
    const store = people()
    await store.put({ id: 1, age: 1 })
    await store.put({ id: 1, age: 2 })
    await store.undo(1)
    await store.put({ id: 1, age: 3 })
    expect(await store.redo(1)).to.deep.equal([])
    await store.undo(1)
    expect(store.get(1)?.age).to.equal(1)
  })

  it('takes back a transaction as a whole', async () => {
    const store = people()
    await store.put({ id: 1, age: 1 })
    await transaction(store, async tx => {
      await tx.put({ id: 1, age: 2 })
      await tx.put({ id: 2, age: 2 })
    })
    const undone = await store.undo()
    expect([...store.query()]).to.deep.equal([{ id: 1, age: 1 }])
    expect(undone.map(({ undoes }) => undoes)).to.have.members([2, 3])
    expect(new Set(undone.map(each => each.transaction)).size).to.equal(1)
    await store.redo()
    expect([...store.query()]).to.deep.equal([
      { id: 1, age: 2 },
      { id: 2, age: 2 },
    ])
  })

  it('not a transaction of which the beginning is no longer kept', async () => {
    const store = history(memory<Person, number>(), { log: memory(), max: 1 })
    await transaction(store, async tx => {
      await tx.put({ id: 1 })
      await tx.put({ id: 2 })
    })
    expect(await store.undo()).to.deep.equal([])
    expect(store.count()).to.equal(2)
    await store.undo(2)
    expect(store.count()).to.equal(1)
  })

  it('an actor takes back his own last change, not that of another', async () => {
    const store = people()
    await store.put({ id: 1, name: 'Ada' }, { actor: 'ann' })
    await store.put({ id: 2, name: 'Bob' }, { actor: 'bob' })
    const [record] = await store.undo({ actor: 'ann' }, { reason: 'typo' })
    expect(record).to.include({ type: 'delete', id: 1, actor: 'ann', reason: 'typo', undoes: 1 })
    expect([...store.query()]).to.deep.equal([{ id: 2, name: 'Bob' }])
    await store.redo({ actor: 'ann' })
    expect(store.count()).to.equal(2)
  })

  it('never over a later change of the same property: the error has the record that is in the way', async () => {
    const store = people()
    await store.put({ id: 1, name: 'Ada', age: 36 })
    await store.put({ id: 1, name: 'Ada', age: 37 }, { actor: 'ann' })
    await store.put({ id: 1, name: 'Ada', age: 38 }, { actor: 'bob' })
    const error = await errorOf(store.undo({ actor: 'ann' }))
    expect(error).to.include({ name: 'PreconditionFailedError', id: 1 })
    expect(error.message).to.include('sequence 3')
    expect(error.cause).to.include({ sequence: 3, actor: 'bob' })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 38 })
    expect([...store.changes()].length).to.equal(3)
    await store.undo({ actor: 'bob' })
    await store.undo({ actor: 'ann' })
    expect(store.get(1)?.age).to.equal(36)
  })

  it('a value that came back by a later change is still that of the later one', async () => {
    const store = people()
    for (const [age, actor] of [1, 2, 3, 2].map((age, at) => [age, `${at}`] as const))
      await store.put({ id: 1, age }, { actor })
    expect(await errorOf(store.undo({ actor: '1' }))).to.include({ name: 'PreconditionFailedError' })
  })

  it('a later change of another property stays', async () => {
    const store = people()
    await store.put({ id: 1, name: 'Ada', age: 36 })
    await store.put({ id: 1, name: 'Ada', age: 37 }, { actor: 'ann' })
    await store.put({ id: 1, name: 'Eve', age: 37 }, { actor: 'bob' })
    await store.undo({ actor: 'ann' })
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Eve', age: 36 })
  })

  it('what was written past the history is not overwritten', async () => {
    const inner = memory<Person, number>()
    const store = history(inner, { log: memory() })
    await store.put({ id: 1, age: 1 })
    await store.put({ id: 1, age: 2 })
    inner.put({ id: 1, age: 9 })
    expect((await errorOf(store.undo())).message).to.include('past its history')
    expect(store.get(1)).to.deep.equal({ id: 1, age: 9 })
  })

  it('unique values that have changed hands go back', async () => {
    const store = people()
    await store.put({ id: 1, email: 'a' })
    await store.put({ id: 2, email: 'b' })
    await transaction(store, async tx => {
      await tx.delete(1)
      await tx.put({ id: 2, email: 'a' })
      await tx.put({ id: 1, email: 'b' })
    })
    await store.undo()
    expect([...store.query()].map(({ email }) => email)).to.deep.equal(['a', 'b'])
    await store.redo()
    expect([...store.query()].map(({ email }) => email)).to.deep.equal(['b', 'a'])
    expect(() => store.add({ id: 3, email: 'a' })).to.throw('unique')
  })

  it('a unique value that is taken meanwhile is refused, and nothing changes', async () => {
    const store = people()
    await store.put({ id: 1, email: 'a' })
    await store.delete(1)
    await store.put({ id: 2, email: 'a' })
    expect(await errorOf(store.undo(1))).to.include({ name: 'ConstraintError' })
    expect([...store.changes()].length).to.equal(3)
  })

  it('of a transaction by its number: none other, and none that is not there', async () => {
    const store = people()
    await store.put({ id: 1, age: 1 })
    await store.put({ id: 2, age: 1 })
    await store.undo({ transaction: 1 })
    expect(await store.undo({ transaction: 1 })).to.deep.equal([])
    expect([...store.query()]).to.deep.equal([{ id: 2, age: 1 }])
    await store.redo({ transaction: 1 })
    expect(store.count()).to.equal(2)
    for (const number of [0, 9]) {
      expect(await errorOf(store.undo({ transaction: number }))).to.include({ name: 'NotFoundError' })
    }
  })
})
