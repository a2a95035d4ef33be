import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { Model, type Progress } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { batched } from '../../wrappers/batched.js'
import { refusal } from '../refusal.js'
import { writable } from './writable.js'

const definition = {
  properties: {
    name: { type: 'string', minLength: 1 },
    age: { type: 'integer', default: 0 },
    secret: { blocked: true },
  },
  required: ['name'],
} as const

async function* later<T>(items: Iterable<T>): AsyncGenerator<T, undefined> {
  for (const item of items) {
    await undefined
    yield item
  }
}

const people = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `name ${id}` }))

for (const [name, open] of Object.entries(writable)) {
  describe(`many objects at once, over ${name}`, () => {
    it('are put, and their ids given in order', async () => {
      const Person = Model(open(), definition)
      expect(await Person.putAll(people(3))).to.deep.equal([0, 1, 2])
      expect(await Person.putAll(new Set(people(4)))).to.deep.equal([0, 1, 2, 3])
      expect(await Person.putAll(later(people(5)))).to.deep.equal([0, 1, 2, 3, 4])
      expect(await Person.putAll([])).to.deep.equal([])
      expect(await Person.get(3)).to.deep.equal({ id: 3, name: 'name 3', age: 0 })
      const [made] = await Person.putAll([{ name: 'without id' }])
      expect((await Person.get(made as string))?.name).to.equal('without id')
    })

    it('are all put or none, and the error says which is wrong', async () => {
      const Person = Model(open(), definition)
      await Person.add({ id: 1, name: 'Ada' })
      const given = [...people(5), { id: 5, name: '' }, { id: 6, name: 'six' }]
      const error = await refusal(() => Person.putAll(later(given)))
      expect(error).to.deep.include({ name: 'ValidationError', id: 5 })
      expect(error.message).to.include('at position 5: ')
      expect(error.issues?.[0]).to.deep.include({ path: [5, 'name'], keyword: 'minLength' })
      const taken = await refusal(() => Person.putAll(people(3), { ifNoneMatch: '*' }))
      expect(taken).to.deep.include({ name: 'PreconditionFailedError', id: 1 })
      expect(taken.message).to.include('at position 1: ')
      const broken = await refusal(() =>
        Person.putAll(
          (function* () {
            yield { id: 8, name: 'eight' }
            throw new Error('no more')
          })(),
        ),
      )
      expect(broken.message).to.equal('no more')
      expect(await Person.query().toArray()).to.deep.equal([{ id: 1, name: 'Ada', age: 0 }])
    })

    it('are put one by one where that is asked for', async () => {
      const { transaction: _, ...store } = open()
      const Person = Model(store, definition)
      const refused = await refusal(() => Person.putAll(people(2)))
      expect(refused.name).to.equal('NotSupportedError')
      expect(refused.message).to.include('atomic: false')
      expect(await refusal(() => Person.deleteAll([1]))).to.have.property('name', 'NotSupportedError')
      const error = await refusal(() =>
        Person.putAll([...people(2), { id: 2, name: '' }, { id: 3, name: 'c' }], { atomic: false }),
      )
      expect(error.message).to.include('at position 2: ')
      expect(await Person.count()).to.equal(2)
      expect(await Person.deleteAll([0, 1, 2], { atomic: false })).to.equal(2)
    })

    it('are undone by a signal, even while the next is still to come', async () => {
      const Person = Model(open(), definition)
      for (const endless of [false, true]) {
        const aborting = new AbortController()
        let closed = false
        async function* coming() {
          try {
            yield* people(5)
            queueMicrotask(() => aborting.abort(new Error('enough')))
            if (endless) await new Promise(() => {})
            yield* people(9)
          } finally {
            closed = true
          }
        }
        const error = await refusal(() => Person.putAll(coming(), { signal: aborting.signal }))
        expect(error.message).to.equal('enough')
        expect(closed).to.equal(!endless)
        expect(await Person.count()).to.equal(0)
      }
      const aborted = AbortSignal.abort(new Error('before'))
      expect((await refusal(() => Person.putAll(people(1), { signal: aborted }))).message).to.equal('before')
      expect((await refusal(() => Person.getAll([1], { signal: aborted }))).message).to.equal('before')
      expect((await refusal(() => Person.deleteAll([1], { signal: aborted }))).message).to.equal('before')
    })

    it('tell their progress, and let others have their turn', async () => {
      const Person = Model(open(), definition)
      const told: Progress[] = []
      let turns = 0
      const timer = setInterval(() => turns++, 0)
      await Person.putAll(people(25), { chunk: 10, progress: progress => void told.push(progress) })
      clearInterval(timer)
      expect(told).to.deep.equal([
        { done: 10, total: 25 },
        { done: 20, total: 25 },
        { done: 25, total: 25 },
      ])
      expect(turns).to.be.above(0)
      const unknown: Progress[] = []
      await Person.deleteAll(later([1, 2]), { progress: progress => void unknown.push(progress) })
      expect(unknown).to.deep.equal([{ done: 2, total: undefined }])
    })

    it('are got in the order of their ids', async () => {
      const Person = Model(open(), definition)
      await Person.putAll(people(250))
      const got = await Person.getAll(later([3, 99999, 1, 3]))
      expect(got.map(person => person?.name)).to.deep.equal(['name 3', undefined, 'name 1', 'name 3'])
      const [first, , , last] = got
      expect(first).not.to.equal(last)
      expect(first).to.be.instanceOf(Person)
      expect(
        (await Person.getAll(Array.from({ length: 250 }, (_, id) => 249 - id))).map(person => person?.id)[249],
      ).to.equal(0)
      expect(await Person.getAll([])).to.deep.equal([])
      expect(await refusal(() => Person.getAll('ab' as never))).to.be.instanceOf(TypeError)
    })

    it('are deleted, and counted', async () => {
      const Person = Model(open(), definition)
      await Person.putAll(people(20))
      expect(await Person.deleteAll([0, 1, 99, 1])).to.equal(2)
      expect(await Person.deleteAll(later([2, 3]))).to.equal(2)
      expect(await Person.deleteAll('id=lt=10')).to.equal(6)
      expect(await Person.deleteAll('sort(-id)&limit(3)')).to.equal(3)
      expect(await Person.deleteAll(Person.query().gt('id', 14).expression)).to.equal(2)
      expect((await Person.query().toArray()).map(({ id }) => id)).to.deep.equal([10, 11, 12, 13, 14])
      expect(await refusal(() => Person.deleteAll('select(name)'))).to.have.property('name', 'DataError')
      expect(await refusal(() => Person.deleteAll('secret=1'))).to.have.property('name', 'NotAllowedError')
      expect(await refusal(() => Person.deleteAll(undefined as never))).to.be.instanceOf(TypeError)
      expect(await refusal(() => Person.deleteAll([{} as never]))).to.be.instanceOf(TypeError)
      expect(await Person.deleteAll('')).to.equal(5)
    })

    it('are of the transaction in which they are', async () => {
      const Person = Model(open(), definition)
      await transaction(Person, async tx => {
        expect(await tx.putAll(people(3))).to.deep.equal([0, 1, 2])
        expect(await tx.deleteAll('id=0')).to.equal(1)
        expect((await tx.getAll([0, 1])).map(person => person?.name)).to.deep.equal([undefined, 'name 1'])
      })
      expect(await Person.count()).to.equal(2)
      await refusal(() =>
        transaction(Person, async tx => {
          await tx.deleteAll([1, 2])
          throw new Error('no')
        }),
      )
      expect(await Person.count()).to.equal(2)
    })
  })
}

describe('getAll', () => {
  it('asks a batched store once', async () => {
    const inner = memory({ objects: people(50) })
    let asked = 0
    const far = batched({
      get: async (id: number) => {
        asked++
        return inner.get(id)
      },
      async *query(query) {
        asked++
        yield* inner.query(query)
      },
    })
    const Person = Model(far, definition)
    expect((await Person.getAll([1, 2, 3])).map(person => person?.id)).to.deep.equal([1, 2, 3])
    expect(asked).to.equal(1)
  })
})
