import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { Model, modelWith } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

/** Three objects with numbers and texts. */
function numbers() {
  return memory({
    objects: [
      { id: 1, foo: 2 },
      { id: 2, foo: 1, bar: 'hi' },
      { id: 3, foo: 1, bar: 'hello' },
    ],
  })
}

const definition = {
  properties: { foo: Number, bar: { type: 'string', unique: true } },
  prototype: {
    method(this: { foo?: number }) {
      return this.foo
    },
  },
} as const

describe('Model', () => {
  it('gives instances: data, methods and static methods', async () => {
    const Thing = Model(numbers(), {
      ...definition,
      static: {
        one() {
          return this.get(1)
        },
      },
    })
    expect((await Thing.get(1))?.foo).to.equal(2)
    expect((await Thing.get(1))?.method()).to.equal(2)
    expect((await Thing.one())?.id).to.equal(1)
  })

  it('refuses what is not valid, and stores nothing', async () => {
    const store = numbers()
    const thing = await Model(store, definition).get(1)
    if (thing) thing.foo = 'two' as never
    expect(() => thing?.save())
      .to.throw('foo must be a number')
      .with.property('name', 'ValidationError')
    expect(store.get(1)).to.deep.equal({ id: 1, foo: 2 })
  })

  it('keeps what is unique', () => {
    const store = numbers()
    const Thing = Model(store, definition)
    expect(() => Thing.put({ foo: 3, bar: 'hi' }))
      .to.throw('bar')
      .with.property('name', 'ConstraintError')
    expect(store.count()).to.equal(3)
  })

  it('stores a property that was set', async () => {
    const Thing = Model(numbers(), definition)
    const thing = await Thing.get(1)
    if (thing) thing.bar = 'new'
    await thing?.save()
    expect((await Thing.get(1))?.bar).to.equal('new')
  })

  it('has instances that are nothing but their data', async () => {
    const Thing = Model(memory(), { ...definition, properties: { ...definition.properties, at: Date, list: Array } })
    const at = new Date(0)
    const thing = await Thing.add({ id: 1, foo: 2, at, list: [1, { deep: [2] }] })
    const data = { id: 1, foo: 2, at, list: [1, { deep: [2] }] }
    expect(thing).to.deep.equal(data)
    expect(Object.keys(thing)).to.deep.equal(['id', 'foo', 'at', 'list'])
    expect({ ...thing }).to.deep.equal(data)
    expect(Object.getPrototypeOf({ ...thing })).to.equal(Object.prototype)
    expect(JSON.stringify(thing)).to.equal(JSON.stringify(data))
    expect(structuredClone(thing)).to.deep.equal(data)
    const names: string[] = []
    for (const name in thing) names.push(name)
    expect(names).to.deep.equal(Object.keys(data))
  })

  it('is untouched by what the caller does to what was given, and to what was loaded', async () => {
    const Thing = Model(memory(), { properties: { list: { type: 'array' } } })
    const given = { id: 1, list: [{ n: 1 }] }
    const added = await Thing.add(given)
    given.list.push({ n: 2 })
    ;(added.list?.[0] as { n: number }).n = 9
    const loaded = await Thing.get(1)
    expect(loaded).to.deep.equal({ id: 1, list: [{ n: 1 }] })
    ;(loaded?.list?.[0] as { n: number }).n = 10
    expect(await Thing.get(1)).to.deep.equal({ id: 1, list: [{ n: 1 }] })
  })

  it('keeps any key of the data as an own property, even __proto__', async () => {
    const Thing = Model(memory(), {})
    const hostile = JSON.parse('{"id":1,"__proto__":{"polluted":true},"constructor":"c","toString":1}')
    const thing = await Thing.put(hostile)
    const loaded = await Thing.get(1)
    for (const each of [thing, loaded]) {
      expect(each).to.be.instanceOf(Thing)
      expect(Object.hasOwn(each as object, '__proto__')).to.equal(true)
      expect((each as { polluted?: unknown }).polluted).to.equal(undefined)
    }
    await loaded?.save()
    expect(JSON.stringify(await Thing.get(1))).to.equal(JSON.stringify(hostile))
  })

  it('cannot lose its methods to what is stored', () => {
    const Thing = Model(memory(), definition)
    for (const name of ['save', 'load', 'delete', 'method']) {
      expect(() => Thing.put({ id: 1, [name]: 'x' } as never))
        .to.throw(`${name} is the name of a method`)
        .with.property('name', 'ValidationError')
    }
  })

  it('makes new instances, which are stored when they are saved', async () => {
    const Thing = Model(memory(), definition)
    const thing = new Thing({ foo: 1 })
    expect(thing).to.be.instanceOf(Thing)
    expect(await Thing.count()).to.equal(0)
    expect(await thing.save()).to.equal(thing)
    expect(thing.id).to.be.a('string')
    expect(await Thing.get(thing.id)).to.deep.equal(thing)
    thing.foo = 2
    await thing.save()
    expect((await Thing.get(thing.id))?.foo).to.equal(2)
  })

  it('finds the id where the store has it', async () => {
    const Book = Model(memory({ idProperty: 'isbn' }), { idProperty: 'isbn', properties: { title: String } })
    const book = await Book.add({ title: 'Emma' })
    book.title = 'Emma, again'
    await book.save()
    expect(await Book.get(book.isbn)).to.deep.equal({ isbn: book.isbn, title: 'Emma, again' })
  })

  it('takes accessors among the methods', async () => {
    const Person = Model(memory(), {
      properties: { first: String, last: String },
      prototype: {
        get full() {
          return `${this.first} ${this.last}`
        },
      },
    })
    const ada = await Person.add({ first: 'Ada', last: 'Lovelace' })
    expect(ada.full).to.equal('Ada Lovelace')
    expect(JSON.stringify(ada)).not.to.contain('full')
  })

  it('tells its store the schema', () => {
    const told: unknown[] = []
    const store: Store = { setSchema: ({ validate, ...schema }) => told.push(schema, validate?.({ name: 1 })) }
    Model(store, {
      properties: {
        name: String,
        email: { type: 'string', format: 'email', unique: true },
        age: { type: 'integer', index: true },
        shown: { type: 'string', transient: true },
      },
      required: ['name'],
    })
    expect(told[0]).to.deep.equal({
      properties: {
        name: { type: 'string' },
        email: { type: 'string', format: 'email', unique: true },
        age: { type: 'integer', index: true },
      },
      required: ['name'],
    })
  })

  it('can have a default store, a new one for each model', async () => {
    const ModelOf = modelWith(() => memory())
    const [One, Two] = [ModelOf(definition), ModelOf(definition)]
    const Third = ModelOf(numbers(), definition)
    await One.add({ foo: 1 })
    expect([await One.count(), await Two.count(), await Third.count()]).to.deep.equal([1, 0, 3])
  })
})
