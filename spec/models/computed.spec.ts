import { expect } from 'chai'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { issues, keywords } from './refusals.js'

describe('get', () => {
  const open = () => {
    const store = memory({ objects: [{ id: 1, first: 'Ada', last: 'Lovelace' }] })
    return {
      store,
      User: Model(store, {
        properties: {
          first: String,
          last: String,
          full: {
            get() {
              return `${this.first} ${this.last}`
            },
          },
        },
      }),
    }
  }

  it('computes what is seen', async () => {
    const { User } = open()
    expect((await User.get(1))?.full).to.equal('Ada Lovelace')
    expect((await User.query().first())?.full).to.equal('Ada Lovelace')
    expect((await User.add({ first: 'B', last: 'C' })).full).to.equal('B C')
  })

  it('is computed again after a save and a load; what is assigned has no effect', async () => {
    const { store, User } = open()
    const user = await User.get(1)
    if (!user) throw new Error('nobody')
    user.first = 'Augusta'
    Object.assign(user, { full: 'nonsense' })
    await user.save()
    expect(user.full).to.equal('Augusta Lovelace')
    expect(store.get(1)).to.deep.equal({ id: 1, first: 'Augusta', last: 'Lovelace' })
    await User.put({ ...user, last: 'King' })
    expect((await user.load()).full).to.equal('Augusta King')
    expect(store.get(1)).not.to.have.property('full')
  })

  it('leaves what is stored under its name as it is', async () => {
    const store = memory({ objects: [{ id: 1, n: 1, name: 'x' }] })
    const Thing = Model(store, { properties: { name: String, n: { type: 'integer', get: (n: number) => n * 10 } } })
    const thing = await Thing.get(1)
    expect(thing?.n).to.equal(10)
    if (thing) thing.name = 'y'
    await thing?.save()
    await thing?.save()
    await Thing.put({ id: 1, name: 'z' })
    expect(store.get(1)).to.deep.equal({ id: 1, n: 1, name: 'z' })
    expect(await Thing.query().select('n').toArray()).to.deep.equal([{ n: 10 }])
  })

  it('shares nothing with what is kept to compare', async () => {
    const store = memory({ objects: [{ id: 1, list: [1] }] })
    const Thing = Model(store, {
      properties: {
        alias: {
          get() {
            return this.list as number[]
          },
        },
      },
    })
    const thing = await Thing.get(1)
    thing?.alias.push(2)
    await thing?.save()
    expect(store.get(1)).to.deep.equal({ id: 1, list: [1] })
  })

  it('cannot be required', () => {
    expect(() => Model(memory(), { properties: { a: { get: () => 1 } }, required: ['a'] })).to.throw(
      TypeError,
      'computed',
    )
  })
})

describe('set', () => {
  function open() {
    const calls: unknown[][] = []
    const store = memory()
    const User = Model(store, {
      properties: {
        name: String,
        password: {
          type: 'string',
          minLength: 3,
          set(value, old) {
            calls.push([value, old])
            if (value === 'password') throw new Error('is too easy')
            return `#${value}`
          },
        },
      },
    })
    return { calls, store, User }
  }

  it('makes what is stored, and sees what was stored before', async () => {
    const { calls, store, User } = open()
    const user = await User.add({ id: 1, password: 'abc' })
    expect(user.password).to.equal('#abc')
    user.password = 'xyz'
    await user.save()
    expect(store.get(1)).to.deep.equal({ id: 1, password: '#xyz' })
    expect(calls).to.deep.equal([
      ['abc', undefined],
      ['xyz', '#abc'],
    ])
  })

  it('runs only where the property is there, and changed', async () => {
    const { calls, store, User } = open()
    const user = await User.add({ id: 1, name: 'Ada', password: 'abc' })
    user.name = 'B'
    await user.save()
    await user.save()
    await User.put({ ...user, name: 'C' })
    await User.add({ id: 2, name: 'none' })
    await User.put({ id: 2, name: 'still none' })
    expect(calls).to.have.length(1)
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'C', password: '#abc' })
    expect(store.get(2)).to.deep.equal({ id: 2, name: 'still none' })
  })

  it('makes an issue of what it throws, beside the others', async () => {
    const { calls, User } = open()
    const found = await issues(() => User.add({ name: 1 as never, password: 'password' }))
    expect(found.map(({ path, keyword, message }) => ({ path, keyword, message }))).to.deep.equal([
      { path: ['name'], keyword: 'type', message: 'must be a string, not 1' },
      { path: ['password'], keyword: 'set', message: 'is too easy' },
    ])
    expect(await keywords(() => User.add({ password: 'a' }))).to.deep.equal([['password', 'minLength']])
    expect(calls).to.have.length(1)
  })

  it('with get makes a pair: seen one way, stored another', async () => {
    const store = memory()
    const Event = Model(store, {
      properties: {
        at: {
          type: 'date',
          get: (stored: number) => new Date(stored),
          set: (value: Date) => value.getTime(),
        },
        note: String,
      },
    })
    const event = await Event.add({ id: 1, at: new Date(5) })
    expect(event.at).to.deep.equal(new Date(5))
    event.note = 'x'
    await event.save()
    event.at = new Date(6)
    await event.save()
    expect(store.get(1)).to.deep.equal({ id: 1, at: 6, note: 'x' })
  })

  it('may leave the value as it was given', async () => {
    const User = Model(memory(), { properties: { name: { type: 'string', set() {} } } })
    expect((await User.add({ name: 'Ada' })).name).to.equal('Ada')
  })

  it('cannot bring in what cannot be stored', async () => {
    const store = memory()
    const User = Model(store, { properties: { name: { set: () => () => 1 } } })
    expect(() => User.add({ name: 'x' }))
      .to.throw()
      .with.property('name', 'DataCloneError')
    expect(store.count()).to.equal(0)
  })
})
