import { expect } from 'chai'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { issues, keywords } from './refusals.js'

describe('default', () => {
  it('completes new objects: a value of their own, or what a function makes', async () => {
    let made = 0
    const shared = { theme: 'dark' }
    const User = Model(memory(), {
      properties: {
        role: { type: 'string', default: 'user' },
        settings: { type: 'object', default: shared },
        number: { type: 'integer', default: (...given: unknown[]) => (given.length === 0 ? ++made : -1) },
        none: { type: 'string', default: () => undefined },
      },
    })
    const [one, other, fresh] = [await User.add({}), await User.put({ role: 'admin' }), new User({})]
    expect(one).to.deep.equal({ id: one.id, role: 'user', settings: { theme: 'dark' }, number: 1 })
    expect([other.role, other.number, fresh.role, fresh.number]).to.deep.equal(['admin', 2, 'user', 3])
    Object.assign(one.settings, { theme: 'light' })
    shared.theme = 'red'
    expect([other.settings, fresh.settings]).to.deep.equal([{ theme: 'dark' }, { theme: 'dark' }])
    expect(await User.get(one.id)).to.deep.include({ settings: { theme: 'dark' }, number: 1 })
  })

  it('is put into the object that replaces another, and never a function', async () => {
    const store = memory()
    const User = Model(store, { properties: { role: { type: 'string', default: () => 'user' } } })
    await User.put({ id: 1 })
    await User.put({ id: 1 })
    expect(store.get(1)).to.deep.equal({ id: 1, role: 'user' })
  })

  it('is not asked for when an object is loaded and saved', async () => {
    const store = memory({ objects: [{ id: 1 }] })
    const User = Model(store, { properties: { role: { type: 'string', default: 'user' } } })
    const user = await User.get(1)
    await user?.save()
    expect(store.get(1)).to.deep.equal({ id: 1 })
  })

  it('is validated as anything else', async () => {
    const User = Model(memory(), { properties: { age: { type: 'integer', default: () => 'x' } } })
    expect(await keywords(() => User.add({}))).to.deep.equal([['age', 'type']])
  })
})

describe('readonly', () => {
  const open = () => Model(memory(), { properties: { at: { type: 'date', readonly: true }, name: String } })

  it('is set when the object is made, and stays', async () => {
    const User = open()
    const user = await User.add({ id: 1, at: new Date(0) })
    Object.assign(user, { at: new Date(1) })
    expect(await issues(() => user.save())).to.deep.equal([
      { path: ['at'], keyword: 'readonly', message: 'is read-only and cannot be changed' },
    ])
    delete (user as { at?: Date }).at
    expect((await issues(() => user.save()))[0]?.message).to.equal('is read-only and cannot be removed')
    expect(await keywords(() => User.put({ id: 1, name: 'x' }))).to.deep.equal([['at', 'readonly']])
    expect(await keywords(() => User.put({ at: new Date(2) }, { id: 1 }))).to.deep.equal([['at', 'readonly']])
    const same = await User.put({ id: 1, at: new Date(0), name: 'Ada' })
    expect(same.name).to.equal('Ada')
  })

  it('may be set once where it is missing', async () => {
    const User = open()
    const user = await User.add({ id: 1 })
    Object.assign(user, { at: new Date(1) })
    await user.save()
    Object.assign(user, { at: new Date(2) })
    expect(await keywords(() => user.save())).to.deep.equal([['at', 'readonly']])
  })

  it('holds against ifMatch, and inside a transaction', async () => {
    const User = open()
    const user = await User.add({ id: 1, at: new Date(0) })
    Object.assign(user, { at: new Date(1) })
    expect(await keywords(() => user.save({ ifMatch: '*' }))).to.deep.equal([['at', 'readonly']])
    await transaction(User, async tx => {
      expect(await keywords(() => tx.put({ id: 1 }))).to.deep.equal([['at', 'readonly']])
      const loaded = await tx.get(1)
      Object.assign(loaded as object, { at: new Date(1) })
      expect(await keywords(() => loaded?.save())).to.deep.equal([['at', 'readonly']])
    })
  })

  it('with a default is not made anew', async () => {
    const User = Model(memory(), {
      properties: { name: String, at: { type: 'date', readonly: true, default: () => new Date() } },
    })
    await User.put({ id: 1 })
    expect(await keywords(() => User.put({ id: 1 }))).to.deep.equal([['at', 'readonly']])
  })

  it('holds when others write at the same moment, and does not fail for that', async () => {
    const inner = memory({ objects: [{ id: 1, at: 1, n: 0 }] })
    let reads = 0
    const store: Store = {
      ...inner,
      get(id) {
        const found = inner.get(id)
        if (++reads < 4) inner.put({ id: 1, at: 1, n: reads })
        return found
      },
    }
    const Thing = Model(store, { properties: { at: { readonly: true }, name: String } })
    await Thing.put?.({ id: 1, at: 1, name: 'x' })
    expect(reads).to.equal(4)
    expect(inner.get(1)).to.deep.equal({ id: 1, at: 1, name: 'x' })
    expect(await keywords(() => Thing.put?.({ id: 1, at: 2 }))).to.deep.equal([['at', 'readonly']])
  })
})

describe('rules that contradict each other', () => {
  for (const [title, property] of Object.entries({
    'transient and unique': { transient: true, unique: true },
    'transient and set': { transient: true, set() {} },
    'blocked and get': { blocked: true, get() {} },
    'blocked and default': { blocked: true, default: 1 },
    'blocked that is no flag': { blocked: 'yes' },
    'get that is no function': { get: 1 },
    'a default outside the value domain': { default: Number.NaN },
  })) {
    it(`are refused: ${title}`, () => {
      expect(() => Model(memory(), { properties: { p: property as never } })).to.throw(TypeError, 'properties.p')
    })
  }

  it('are refused on the id, which is the store’s', () => {
    for (const property of [{ blocked: true }, { transient: true }, { get: () => 1 }, { default: 1 }]) {
      expect(() => Model(memory(), { properties: { id: property } })).to.throw(TypeError, 'properties.id')
    }
  })
})
