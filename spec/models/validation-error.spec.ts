import { expect } from 'chai'
import type { Issue } from '../../lib/errors.js'
import type { Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'

describe('a ValidationError', () => {
  const Person = Model(memory(), {
    title: 'Person',
    properties: {
      name: String,
      age: { type: 'integer', minimum: 0 },
      address: { type: 'object', properties: { 'a/b': { type: 'array', items: String } } },
    },
    required: ['name'],
  })
  function errorOf(object: object): Error & { issues: readonly Issue[]; toJSON(): object } {
    try {
      Person.put(object as never)
    } catch (error) {
      return error as never
    }
    throw new Error('it is valid')
  }

  it('tells of everything that is wrong, and where', () => {
    const error = errorOf({ id: 'x', age: -1.5, address: { 'a/b': ['y', 2] } })
    expect(error).to.include({ name: 'ValidationError', status: 422, id: 'x', method: 'put' })
    const age = { expected: 'an integer of at least 0', found: '-1.5' }
    expect(error.issues).to.deep.equal([
      { path: ['name'], keyword: 'required', message: 'is required' },
      { path: ['age'], keyword: 'type', message: 'must be an integer of at least 0, not -1.5', ...age },
      {
        ...{ path: ['address', 'a/b', 1], keyword: 'type', message: 'must be a string, not 2' },
        ...{ expected: 'a string', found: '2' },
      },
    ])
    expect(error.message)
      .to.match(/^Person x: /)
      .and.include('name is required')
      .and.include('address.a/b.1 must be')
    expect(error.toJSON()).to.have.property('issues').with.length(3)
  })

  it('never tells a long value, and is never long', () => {
    const error = errorOf({ name: 'a', address: { 'a/b': Array.from({ length: 1000 }, () => ({ n: 4711 })) } })
    expect(error.issues).to.have.length(20)
    expect(JSON.stringify(error)).not.to.include('4711')
    expect(error.message).to.include('and 15 more')
    expect(error.message.length).to.be.lessThan(400)
  })

  it('comes before the first effect on the store, on every path that writes', async () => {
    const writes: unknown[] = []
    const inner = memory({ objects: [{ id: 1, name: 'Ada' }] })
    const noted = (name: 'put' | 'add') => (object: object) => {
      writes.push(object)
      return inner[name](object as never)
    }
    const store: Store = { ...inner, put: noted('put'), add: noted('add') }
    const Thing = Model(store, { properties: { name: String }, required: ['name'] })
    const bad = { id: 1, name: 1 } as never
    const change = (thing: object | undefined, options?: object) =>
      (Object.assign(thing as object, { name: 1 }) as unknown as InstanceType<typeof Thing>).save?.(options)
    const paths: (() => unknown)[] = [
      () => Thing.put?.(bad),
      () => Thing.put?.(bad, { ifMatch: '*' }),
      () => Thing.put?.({} as never, { id: 1 }),
      () => Thing.add?.(bad),
      () => new Thing(bad).save?.(),
      async () => change(await Thing.get?.(1)),
      async () => change(await Thing.query?.().first(), { ifMatch: '*' }),
      () => transaction(Thing, async tx => tx.put?.(bad)),
      () => transaction(Thing, async tx => tx.add?.(bad)),
      () => transaction(Thing, async tx => change(await tx.get?.(1))),
      () => transaction(Thing, async tx => change(await tx.query?.().first())),
    ]
    for (const [position, path] of paths.entries()) {
      const error = await Promise.resolve()
        .then(path)
        .catch((error: Error) => error)
      expect(error, `path ${position}`).to.have.property('name', 'ValidationError')
    }
    expect(writes).to.deep.equal([])
    expect(inner.get(1)).to.deep.equal({ id: 1, name: 'Ada' })
  })

  it('is not how limits are told: they come first', () => {
    let deep: object = {}
    for (let level = 0; level < 200; level++) deep = { deep }
    const Tree = Model(memory(), { properties: { deep: { $ref: '#' } } })
    expect(() => Tree.put({ deep } as never))
      .to.throw('nested')
      .with.property('name', 'DataError')
    let fine: object = {}
    for (let level = 0; level < 90; level++) fine = { deep: fine }
    expect(Tree.put(fine as never)).to.have.property('deep')
  })
})
