import { expect } from 'chai'
import { can } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { conforms, everything } from '../conformance/index.js'
import { asStore } from './as-store.js'

type Thing = Record<string, unknown>

conforms('a model without a schema', {
  open: () => asStore(Model(memory<Thing>(), {})),
  offers: everything.filter(offer => offer !== 'setSchema' && offer !== 'unique'),
})

const people = { properties: { name: String, age: { type: 'integer' } }, required: ['name'] } as const

describe('a model as a store', () => {
  it('has the methods that its store has, and no others', () => {
    const Person = Model({ get: () => undefined, query: () => [] }, people)
    expect([can(Person, 'get'), can(Person, 'query')]).to.deep.equal([true, true])
    expect([can(Person, 'put'), can(Person, 'delete'), can(Person, 'transaction')]).to.deep.equal([false, false, false])
    expect(new Person({ name: 'Ada' })).not.to.have.any.keys('save', 'delete')
    expect('save' in Person.prototype).to.equal(false)
    expect('load' in Person.prototype).to.equal(true)
    // @ts-expect-error: there is no put
    expect(Person.put).to.equal(undefined)
  })

  it('stays synchronous over a synchronous store', () => {
    const Person = Model(memory(), people)
    expect(Person.put({ id: 1, name: 'Ada' })).to.deep.equal({ id: 1, name: 'Ada' })
    expect(Person.get(1)).to.be.instanceOf(Person)
    expect(Person.get(2)).to.equal(undefined)
    expect(Person.count()).to.equal(1)
    expect(Person.delete(1)).to.equal(true)
  })

  it('gives a cursor, typed by the schema, of instances', async () => {
    const Person = Model(memory(), { ...people, prototype: { shout: () => 'hey' } })
    for (const [id, age] of [20, 30, 40].entries()) await Person.put({ id, name: `n${id}`, age })
    const old = await Person.query().ge('age', 30).sort('-age').toArray()
    expect(old.map(({ id }) => id)).to.deep.equal([2, 1])
    expect(old[0]?.shout()).to.equal('hey')
    expect((await Person.query('age=lt=30').first())?.shout()).to.equal('hey')
    expect(await Person.query('limit(2)').count()).to.equal(2)
    // @ts-expect-error: there is no such property
    expect(await Person.query().eq('agge', 30).toArray()).to.deep.equal([])
  })

  it('gives plain objects and values where parts are asked for', async () => {
    const Person = Model(memory(), people)
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    const [part] = await Person.query().select('name').toArray()
    expect(part).to.deep.equal({ name: 'Ada' })
    expect(part).not.to.be.instanceOf(Person)
    expect(await Person.query().values('age').toArray()).to.deep.equal([36])
    expect(await Person.query().sum('age')).to.equal(36)
  })

  it('counts by asking the query, if the store cannot count', async () => {
    const { query, put } = memory()
    const Person = Model({ query, put }, people)
    await Person.put({ name: 'Ada' })
    expect(await Person.query('name=Ada').count()).to.equal(1)
  })

  it('follows changes, with instances in them', async () => {
    const Person = Model(memory(), people)
    const changes = Person.subscribe('name=Ada')[Symbol.asyncIterator]()
    await Person.put({ id: 1, name: 'Ada' })
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    const [{ value: first }, { value: second }] = [await changes.next(), await changes.next()]
    expect(first.object).to.be.instanceOf(Person)
    expect(second.previous).to.be.instanceOf(Person)
    second.object.age++
    await second.object.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
    await changes.return?.()
    expect(await changes.next()).to.deep.equal({ value: undefined, done: true })
  })

  it('closes its store', async () => {
    const store = memory()
    await Model(store, people).close()
    expect(() => store.get(1))
      .to.throw()
      .with.property('name', 'InvalidStateError')
  })

  it('is no store for another model', () => {
    const Person = Model(memory(), people)
    expect(() => Model(Person, people)).to.throw(TypeError, 'extend')
    expect(() => Model(undefined as never, people)).to.throw(TypeError)
  })
})
