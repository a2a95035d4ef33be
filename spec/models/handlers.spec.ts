import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

const people = { properties: { name: String, age: { type: 'integer' } }, required: ['name'] } as const

describe('a model in a transaction', () => {
  it('gives instances that save into it, and validates', async () => {
    const Person = Model(memory(), people)
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    const age = await transaction(Person, async tx => {
      const ada = await tx.get(1)
      if (!ada) throw new Error('Ada is missing')
      ada.age = 37
      await ada.save()
      expect((await tx.query().eq('age', 37).first())?.name).to.equal('Ada')
      await tx.add({ id: 2, name: 'Bob' })
      return (await tx.get(1))?.age
    })
    expect(age).to.equal(37)
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
    expect(await Person.count()).to.equal(2)
  })

  it('drops everything when one write is not valid', async () => {
    const Person = Model(memory(), people)
    const error = await transaction(Person, async tx => {
      await tx.put({ id: 1, name: 'Ada' })
      // @ts-expect-error: a name is a string
      await tx.put({ id: 2, name: 2 })
    }).catch(error => error)
    expect(error).to.have.property('name', 'ValidationError')
    expect(await Person.count()).to.equal(0)
  })

  it('keeps its instances for itself: once it has ended, they are refused', async () => {
    const Person = Model(memory(), people)
    await Person.put({ id: 1, name: 'Ada' })
    const ada = await transaction(Person, tx => tx.get(1))
    const error = await Promise.resolve()
      .then(() => ada?.save())
      .catch(error => error)
    expect(error).to.have.property('name', 'TransactionInactiveError')
  })

  it('knows the class it was opened on', async () => {
    class Person extends Model(memory(), people) {
      birthday() {
        this.age = (this.age ?? 0) + 1
        return this
      }
    }
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    await transaction(Person, async tx => (await tx.get(1))?.birthday().save())
    const tx = await Person.transaction()
    expect((await tx.get(1))?.birthday().age).to.equal(38)
    await tx.abort()
  })
})

describe('handlers of a definition', () => {
  it('stand in for the methods of the store, and their results are wrapped', async () => {
    const calls: string[] = []
    const Person = Model(memory(), {
      ...people,
      async get(id, options, inner) {
        calls.push('get')
        const found = await inner.get(id, options)
        return found && { ...found, name: `Dr. ${found.name}` }
      },
      put(object, options, inner) {
        calls.push('put')
        return inner.put({ ...object, stamp: 1 }, options)
      },
      delete: () => false,
      query: (query, options, inner) => inner.query(query, options),
    })
    const ada = await Person.put({ id: 1, name: 'Ada' })
    expect(ada).to.deep.equal({ id: 1, name: 'Dr. Ada', stamp: 1 })
    expect(await Person.get(1)).to.be.instanceOf(Person)
    expect(await Person.delete(1)).to.equal(false)
    expect(await Person.query().first()).to.deep.equal({ id: 1, name: 'Ada', stamp: 1 })
    expect(calls).to.deep.equal(['put', 'get', 'get'])
  })

  it('work inside a transaction too, on the transaction', async () => {
    const store = memory()
    const Person = Model(store, {
      ...people,
      add: (object, options, inner) => inner.add({ ...object, age: 1 }, options),
    })
    const error = await transaction(Person, async tx => {
      expect((await tx.add({ id: 1, name: 'Ada' })).age).to.equal(1)
      throw new Error('no')
    }).catch(error => error.message)
    expect(error).to.equal('no')
    expect(store.count()).to.equal(0)
  })

  it('give the model a method that the store has not', async () => {
    const { get, put } = memory()
    const Person = Model({ get }, { ...people, put: (object, options) => put(object, options) })
    const ada = await Person.put({ id: 1, name: 'Ada' })
    ada.age = 36
    await ada.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 36 })
  })

  it('cannot share what they give', async () => {
    const kept = { id: 1, name: 'Ada', tags: ['a'] }
    const Person = Model({}, { properties: { tags: { type: 'array', items: String } }, get: () => kept })
    const ada = await Person.get(1)
    ada?.tags?.push('b')
    expect(kept.tags).to.deep.equal(['a'])
  })

  it('validate before they are called', async () => {
    let called = false
    const Person = Model(
      {},
      {
        ...people,
        put: () => {
          called = true
          return 1
        },
      },
    )
    // @ts-expect-error: a name is a string
    expect(() => Person.put({ name: 1 }))
      .to.throw()
      .with.property('name', 'ValidationError')
    expect(called).to.equal(false)
    // @ts-expect-error: not a function
    expect(() => Model({}, { put: 1 })).to.throw(TypeError, 'definition.put')
  })
})
