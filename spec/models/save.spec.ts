import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import type { Store } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'

const definition = {
  properties: { name: String, age: { type: 'integer' }, tags: { type: 'array', items: String } },
} as const

/** A store that answers later, as most do. */
function slow(inner: ReturnType<typeof memory>): Store {
  const { get, put, add, delete: remove } = inner
  const later =
    <A extends unknown[], R>(method: (...args: A) => R) =>
    async (...args: A): Promise<Awaited<R>> => {
      await undefined
      return await method(...args)
    }
  return { get: later(get), put: later(put), add: later(add), delete: later(remove) }
}

describe('save', () => {
  it('does not overwrite what others have stored since', async () => {
    const Person = Model(memory(), definition)
    await Person.add({ id: 1, name: 'Ada', age: 36 })
    const [one, other] = [await Person.get(1), await Person.get(1)]
    if (!one || !other) throw new Error('Ada is missing')
    one.age = 37
    await one.save()
    other.name = 'Ada Lovelace'
    expect(await refusal(() => other.save())).to.have.property('name', 'PreconditionFailedError')
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
    await other.load()
    expect(other).to.deep.equal({ id: 1, name: 'Ada', age: 37 })
    other.name = 'Ada Lovelace'
    await other.save()
    await other.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada Lovelace', age: 37 })
  })

  it('goes by what was loaded, whatever was done to nested values since', async () => {
    const Person = Model(memory(), definition)
    await Person.add({ id: 1, tags: ['a'] })
    const ada = await Person.get(1)
    ada?.tags?.push('b')
    await ada?.save()
    ada?.tags?.push('c')
    await ada?.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, tags: ['a', 'b', 'c'] })
  })

  it('works on what was found by a query, and on what was just added or put', async () => {
    const Person = Model(memory(), definition)
    const added = await Person.add({ name: 'Ada' })
    const put = await Person.put({ ...added, age: 1 })
    expect(await refusal(() => added.save())).to.have.property('name', 'PreconditionFailedError')
    put.age = 2
    await put.save()
    for await (const each of Person.query()) {
      each.age = 3
      await each.save()
    }
    expect((await Person.get(added.id))?.age).to.equal(3)
  })

  it("overwrites anything with ifMatch '*', but does not bring back what is gone", async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    await Person.put({ id: 1, name: 'Bob', age: 3 })
    await ada.save({ ifMatch: '*' })
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada' })
    await Person.delete(1)
    expect(await refusal(() => ada.save({ ifMatch: '*' }))).to.have.property('name', 'PreconditionFailedError')
    expect(await refusal(() => ada.save())).to.have.property('name', 'PreconditionFailedError')
    expect(await Person.get(1)).to.equal(undefined)
  })

  it('takes an ETag too', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    const bob = await Person.put({ id: 1, name: 'Bob' })
    await ada.save({ ifMatch: etag(bob) })
    expect((await Person.get(1))?.name).to.equal('Ada')
    expect(await refusal(() => ada.save({ ifMatch: etag(bob) }))).to.have.property('name', 'PreconditionFailedError')
  })

  it('adds what is new, never over something else', async () => {
    const Person = Model(memory(), definition)
    await Person.add({ id: 1, name: 'Ada' })
    const other = new Person({ id: 1, name: 'Bob' })
    expect(await refusal(() => other.save())).to.have.property('name', 'ConstraintError')
    const { get, put } = memory({ objects: [{ id: 1 }] })
    const Plain = Model({ get, put }, definition)
    expect(await refusal(() => new Plain({ id: 1 }).save())).to.have.property('name', 'PreconditionFailedError')
    const { add } = memory()
    const Box = Model({ add }, definition)
    const thing = await new Box({ name: 'x' }).save()
    expect(await refusal(() => thing.save())).to.have.property('name', 'NotSupportedError')
  })

  it('refuses another id, and puts back a removed one', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    ada.id = 2
    expect(await refusal(() => ada.save())).to.have.property('name', 'DataError')
    delete (ada as { id?: unknown }).id
    await ada.save()
    expect(ada.id).to.equal(1)
    expect(await Person.count()).to.equal(1)
  })

  it('leaves the instance as it is when it fails', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, age: 36 })
    ada.age = 'old' as never
    const error = await refusal(() => ada.save())
    expect(error).to.include({ name: 'ValidationError', method: 'save', id: 1 })
    expect(ada).to.deep.equal({ id: 1, age: 'old' })
    ada.age = 37
    await ada.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, age: 37 })
  })

  it('does one thing at a time: two saves at once are two saves in turn', async () => {
    const inner = memory()
    const Person = Model(slow(inner), definition)
    const ada = new Person({ name: 'Ada' })
    const first = ada.save?.()
    ada.age = 36
    const second = ada.save?.()
    await Promise.all([first, second, ada.save?.()])
    expect([...inner.query()]).to.deep.equal([{ id: ada.id, name: 'Ada', age: 36 }])
    await Promise.all([ada.delete?.(), ada.save?.()])
    expect(inner.count()).to.equal(1)
  })

  it('may be tried again after it failed', async () => {
    const Person = Model(slow(memory()), definition)
    await Person.put?.({ id: 1, name: 'Ada' })
    const other = new Person({ id: 1, name: 'Bob' })
    const [first, second] = await Promise.allSettled([other.save?.(), other.load?.()])
    expect([first.status, second.status]).to.deep.equal(['rejected', 'fulfilled'])
    expect(other.name).to.equal('Ada')
  })
})

describe('load', () => {
  it('reads the object again', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    await Person.put({ id: 1, age: 1 })
    ada.tags = ['x']
    expect(await ada.load()).to.equal(ada)
    expect(ada).to.deep.equal({ id: 1, age: 1 })
  })

  it('says when the object is gone, or never was', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    await Person.delete(1)
    const error = await refusal(() => ada.load())
    expect(error).to.include({ name: 'NotFoundError', id: 1, method: 'load' })
    expect(ada).to.deep.equal({ id: 1, name: 'Ada' })
    expect(await refusal(() => new Person({ name: 'x' }).load())).to.have.property('name', 'NotFoundError')
  })
})

describe('delete', () => {
  it('removes the object, if it is still what was loaded', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    await Person.put({ id: 1, name: 'Bob' })
    expect(await refusal(() => ada.delete())).to.have.property('name', 'PreconditionFailedError')
    expect(await ada.delete({ ifMatch: '*' })).to.equal(true)
    expect(await Person.get(1)).to.equal(undefined)
  })

  it('makes the instance a new one', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    expect(await ada.delete()).to.equal(true)
    expect(await ada.delete()).to.equal(false)
    await ada.save()
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada' })
  })
})

describe('put of a model', () => {
  it('replaces the whole object', async () => {
    const Person = Model(memory(), definition)
    await Person.put({ id: 1, name: 'Ada', age: 36 })
    await Person.put({ id: 1, name: 'Bob' })
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Bob' })
  })

  it('takes the conditions and the id of the options', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.put({ name: 'Ada' }, { id: 'a' })
    expect(ada.id).to.equal('a')
    expect(await refusal(() => Person.put({ name: 'x' }, { id: 'a', ifNoneMatch: '*' }))).to.have.property(
      'name',
      'PreconditionFailedError',
    )
    expect((await Person.put({ name: 'y' }, { id: 'a', ifMatch: etag(ada) })).name).to.equal('y')
    expect(await refusal(() => Person.put({ id: 'b' }, { id: 'a' }))).to.have.property('name', 'DataError')
  })

  it('takes an instance, and gives another', async () => {
    const Person = Model(memory(), definition)
    const ada = await Person.add({ id: 1, name: 'Ada' })
    ada.age = 36
    const again = await Person.put(ada)
    expect(again).not.to.equal(ada)
    expect(await Person.get(1)).to.deep.equal({ id: 1, name: 'Ada', age: 36 })
  })

  it('refuses what is no object, or outside the value domain', async () => {
    const Person = Model(memory(), {})
    for (const wrong of [null, 1, 'x', undefined]) {
      expect(await refusal(() => Person.put(wrong as never))).to.be.instanceOf(TypeError)
    }
    class Foreign {
      x = 1
    }
    for (const wrong of [new Foreign(), [], new Date(), { f() {} }, { n: Number.NaN }, { o: new Foreign() }]) {
      expect(await refusal(() => Person.put(wrong as never))).to.have.property('name', 'DataCloneError')
    }
  })
})
