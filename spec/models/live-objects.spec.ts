import { inspect } from 'node:util'
import { expect } from 'chai'
import { memory } from '../../index.js'
import { isStoreError } from '../../lib/errors.js'
import { changes, dirty, isLive, live, raw, redo, revert, undo } from '../../models/live.js'

class Person {
  name = ''
  age = 0
  tags: string[] = []
  declare address?: { city: string; zip?: number }
  declare nickname?: string

  get initial(): string {
    return this.name.slice(0, 1)
  }

  set both(text: string) {
    const [name = '', age = '0'] = text.split(' ')
    this.name = name
    this.age = Number(age)
  }

  birthday(): void {
    this.age += 1
    this.congratulate()
  }

  congratulate(): void {
    this.tags.push(`${this.age}`)
  }
}

const ada = { name: 'Ada', age: 36, address: { city: 'London', zip: 1 }, tags: ['a', 'b'] }
const people = () => live(Person, memory({ idProperty: 'name' }), { key: 'name', lookEvery: 0 })
const told = (object: object) => changes(object).map(({ kind, path }) => [kind, path.join('.')].join(' ').trim())

describe('live objects', () => {
  it('pass for what they are', async () => {
    const store = await people()
    const person = store.add(structuredClone(ada))
    const plain = Object.assign(new Person(), ada)
    expect(person).to.be.instanceOf(Person)
    expect(person.constructor).to.equal(Person)
    expect(person).to.deep.equal(plain)
    expect(Object.keys(person)).to.deep.equal(Object.keys(plain))
    expect({ ...person }).to.deep.equal({ ...plain })
    expect(JSON.stringify(person)).to.equal(JSON.stringify(plain))
    expect(structuredClone(person)).to.deep.equal(structuredClone(plain))
    expect(inspect(person)).to.equal(inspect(plain))
    expect(inspect([person.address, person.tags])).to.equal(inspect([plain.address, plain.tags]))
    expect(Array.isArray(person.tags)).to.equal(true)
    expect([...person.tags, person.tags.length, person.tags.at(-1)]).to.deep.equal(['a', 'b', 2, 'b'])
    expect(person.tags.map(tag => tag.toUpperCase())).to.deep.equal(['A', 'B'])
    expect(person.tags.concat(['c'])).to.deep.equal(['a', 'b', 'c'])
    expect('name' in person && !('nickname' in person)).to.equal(true)
    expect(person.initial).to.equal('A')
    await store.close()
  })

  it('notice what happens to them, and in them', async () => {
    const store = await people()
    const person = store.add(structuredClone(ada))
    person.birthday()
    person.both = 'Ada 50'
    person.nickname = 'A'
    delete person.nickname
    Object.assign(person.address as object, { city: 'Paris' })
    delete person.address?.zip
    person.tags.push('x', 'y')
    person.tags[0] = 'z'
    person.tags.splice(1, 2)
    person.tags.length = 1
    person.age = 50
    expect(told(person)).to.deep.equal([
      'add',
      'update age',
      'update tags.2',
      'update age',
      'update nickname',
      'update address.city',
      'update tags',
      'update tags.0',
      'update tags',
      'update nickname',
      'update tags',
      'update address.zip',
    ])
    await store.flush()
    expect(await store.filter('name=Ada')[Symbol.asyncIterator]().next()).to.have.property('value', person)
    expect({ ...raw(person) }).to.deep.equal({ name: 'Ada', age: 50, tags: ['z'], address: { city: 'Paris' } })
    await store.close()
  })

  it('are real objects inside: of them, parts and copies', async () => {
    const store = await people()
    const given = structuredClone(ada)
    const person = store.add(given)
    given.address.city = 'nowhere'
    expect(person.address?.city).to.equal('London')
    expect(person.address).to.equal(person.address)
    const { tags } = person
    undo(person)
    redo(person)
    const other = store.add({ name: 'Bob', tags: person.tags, address: person.address as Person['address'] & {} })
    other.tags.push('c')
    expect(person.tags).to.deep.equal(['a', 'b'])
    expect([isLive(person), isLive(person.tags), isLive(tags), isLive({})]).to.deep.equal([true, true, true, false])
    const copy = raw(person)
    expect([isLive(copy), copy instanceof Person, isLive(copy.address)]).to.deep.equal([false, true, false])
    const elsewhere = memory<object, string>()
    elsewhere.put({ id: 'x', address: person.address, tags: person.tags })
    expect(elsewhere.get('x')).to.deep.equal({ id: 'x', address: ada.address, tags: ada.tags })
    // what is no longer part of an object is not followed, but works
    const address = person.address as NonNullable<Person['address']>
    delete person.address
    person.dirty()
    address.city = 'Rome'
    expect([address.city, person.address]).to.deep.equal(['Rome', undefined])
    await store.close()
  })

  it('notice in time what nobody could see', async () => {
    const store = await people()
    const person = store.add(structuredClone(ada))
    const { tags } = person
    tags.length = 0
    tags.push('n')
    expect(changes(person).slice(1)).to.have.length(2)
    tags.length = 0
    tags[0] = 'm'
    expect([[...person.tags], undo(person), [...tags], undo(person, 3), [...tags]]).to.deep.equal([
      ['m'],
      1,
      [],
      3,
      ['a', 'b'],
    ])
    person.nickname = 'A'
    delete person.nickname
    person.nickname = 'A'
    expect([person.nickname, Object.keys(person).at(-1), changes(person).at(-1)?.next]).to.deep.equal([
      'A',
      'nickname',
      'A',
    ])
    delete (person as { name?: string }).name
    expect([dirty(person), person.name]).to.deep.equal([true, 'Ada'])
    await store.close()
  })

  it('refuse what cannot be stored, where it is set', async () => {
    const store = await people()
    const person = store.add(structuredClone(ada))
    for (const value of [Number.NaN, () => 1, Symbol('x'), new Map(), '\ud800', { deep: [undefined] }]) {
      expect(() => Object.assign(person, { nickname: value }), String(value)).to.throw()
      expect(() => person.tags.push(value as never), String(value)).to.throw()
    }
    expect(() => person.tags.push(undefined as never)).to.throw()
    expect(() => {
      person.tags[7] = 'far away'
    }).to.throw(TypeError, 'filled from one position to the next')
    expect(raw(person)).to.deep.equal(Object.assign(new Person(), ada))
    expect(changes(person)).to.have.length(1)
    await store.close()
  })

  it('undo and redo step by step, as functions and as methods', async () => {
    const store = await people()
    const person = store.add({ name: 'Ada' })
    person.age = 1
    person.age = 2
    expect([person.undo(), person.age, person.undo(), person.age]).to.deep.equal([1, 1, 1, 0])
    expect([redo(person, 5), person.age, redo(person)]).to.deep.equal([2, 2, 0])
    undo(person)
    person.age = 7
    expect([redo(person), undo(person, 2), person.age]).to.deep.equal([0, 2, 0])
    expect(undo(person, 9)).to.equal(1)
    expect([store.has('Ada'), store.has(person), store.get('Ada')]).to.deep.equal([false, false, undefined])
    expect(() => {
      person.age = 1
    }).to.throw('Ada has been deleted')
    expect([redo(person), store.get('Ada') === person, person.age]).to.deep.equal([1, true, 0])
    await store.close()
  })

  it('move with their key, and back', async () => {
    const store = await people()
    const person = store.add({ name: 'Ada' })
    store.add({ name: 'Bob' })
    await store.flush()
    person.name = 'Eve'
    expect([...store.keys()]).to.have.members(['Bob', 'Eve'])
    expect(() => {
      person.name = 'Bob'
    }).to.throw('Bob is taken')
    expect(() => {
      Object.assign(person, { name: undefined })
    }).to.throw(TypeError)
    await store.flush()
    undo(person)
    await store.flush()
    expect([person.name, store.get('Ada') === person, store.has('Eve')]).to.deep.equal(['Ada', true, false])
    expect(isStoreError(await store.close().catch(error => error), 'any' as never)).to.equal(false)
  })

  it('have properties in place of methods of the same name', async () => {
    const store = await live({ id: String, undo: Number }, memory(), { lookEvery: 0 })
    const object = store.add({ id: 'x', undo: 1 })
    object.undo = 2
    expect([object.undo, undo(object), object.undo, object.dirty()]).to.deep.equal([2, 1, 1, true])
    const other = store.add({ id: 'y' })
    other.undo = 5
    expect(other.undo).to.equal(5)
    await store.close()
  })

  it('are clean, dirty and reverted', async () => {
    const store = await live(Person, memory({ idProperty: 'name' }), { key: 'name', saveOnChange: false, lookEvery: 0 })
    const person = store.add({ name: 'Ada' })
    expect([dirty(person), store.saveOnChange]).to.deep.equal([true, false])
    await store.commit(person)
    expect(dirty(person)).to.equal(false)
    person.age = 1
    person.name = 'Eve'
    person.tags.push('x')
    delete person.nickname
    revert(person)
    expect([dirty(person), person.name, person.age, person.tags, store.get('Ada') === person]).to.deep.equal([
      false,
      'Ada',
      0,
      [],
      true,
    ])
    expect(changes(person)).to.have.length(1)
    const never = store.add({ name: 'never' })
    revert(never)
    expect(store.has('never')).to.equal(false)
    store.saveOnChange = true
    person.age = 2
    await store.flush()
    expect(dirty(person)).to.equal(false)
    await store.close()
  })
})
