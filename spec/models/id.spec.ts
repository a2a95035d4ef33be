import { expect } from 'chai'
import { Model } from '../../index.js'
import { memory } from '../../stores/memory.js'

const nameOf = async (work: () => unknown) => {
  try {
    await work()
    return 'done'
  } catch (error) {
    return (error as Error).name
  }
}

describe('models, the id in the schema', () => {
  it('holds for an id that is given as an option', async () => {
    const M = Model(memory(), { properties: { id: { type: 'string', pattern: '^a' }, n: Number }, required: ['id'] })
    const put = M.put as (object: object, options: object) => unknown
    expect(await nameOf(() => put({ n: 1 }, { id: 'zzz' }))).to.equal('ValidationError')
    expect(await nameOf(() => put({ n: 1 }, { id: 'abc' }))).to.equal('done')
    expect(await M.get('abc')).to.include({ id: 'abc', n: 1 })
  })

  it('holds for an id that the store makes: what does not fit is taken back', async () => {
    const store = memory()
    const M = Model(store, { properties: { id: { type: 'integer' }, n: Number } })
    expect(await nameOf(() => M.add({ n: 1 }))).to.equal('ValidationError')
    expect(await nameOf(() => new M({ n: 1 }).save())).to.equal('ValidationError')
    expect(store.count()).to.equal(0)
  })

  it('lets the store make ids that fit', async () => {
    let next = 1
    const M = Model(memory({ generateId: () => next++ }), { properties: { id: { type: 'integer' }, n: Number } })
    const one = await M.add({ n: 1 })
    one.n = 2
    await one.save()
    expect(await M.get(1)).to.include({ id: 1, n: 2 })
  })

  it('is found where the store keeps it, or the model says what is wrong', async () => {
    const store = memory({ idProperty: 'key', objects: [{ key: 'a', n: 1 }] })
    const wrong = Model(store, { properties: { n: Number } })
    expect(await nameOf(() => wrong.get('a'))).to.equal('DataError')
    expect(await nameOf(() => wrong.query().first())).to.equal('DataError')
    const right = Model(store, { idProperty: 'key', properties: { n: Number } })
    expect((await right.get('a'))?.n).to.equal(1)
  })
})
