import { expect } from 'chai'
import { memory } from '../../stores/memory.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'

conforms('memory', { open: () => memory(), offers: everything, ways: ['directly', 'wrapped', 'inside'] })
conforms('memory, read-only', {
  open: () => memory({ readonly: true }),
  offers: ['get', 'query', 'count', 'setSchema', 'close'],
})
oracle('memory', () => memory())

describe('memory', () => {
  it('is synchronous', () => {
    const store = memory()
    expect(store.put({ id: 1, name: 'Ada' })).to.equal(1)
    expect(store.get(1)).to.deep.equal({ id: 1, name: 'Ada' })
    expect([...store.query('name=Ada')]).to.deep.equal([{ id: 1, name: 'Ada' }])
    expect(store.count()).to.equal(1)
    expect(store.delete(1)).to.equal(true)
  })

  it('starts with copies of the objects it is given', () => {
    const objects = [{ id: 1, list: [1] }, { list: [2] }]
    const store = memory({ objects })
    objects[0]?.list.push(99)
    expect(store.get(1)).to.deep.equal({ id: 1, list: [1] })
    expect(store.count()).to.equal(2)
  })

  it('names objects by another property', () => {
    const store = memory({ idProperty: 'code' })
    expect(store.put({ code: 'no', name: 'Norway' })).to.equal('no')
    expect(store.get('no')).to.deep.equal({ code: 'no', name: 'Norway' })
    const id = store.put({ name: 'Nowhere', id: 'just data' })
    expect(store.get(id as string)).to.deep.equal({ code: id, name: 'Nowhere', id: 'just data' })
  })

  it('generates ids as told, and refuses one that is taken', () => {
    let next = 1
    const store = memory({ generateId: () => next++ })
    expect([store.put({}), store.add({})]).to.deep.equal([1, 2])
    next = 1
    expect(() => store.put({})).to.throw('already stored under 1')
    expect(store.count()).to.equal(2)
  })

  it('makes ids that sort by time', () => {
    const store = memory()
    const made = Array.from({ length: 50 }, (_, n) => store.put({ n }))
    expect([...store.query()].map(each => each.n)).to.deep.equal(made.map((_, n) => n))
  })

  it('can be closed while somebody waits to write', async () => {
    const store = memory()
    await store.transaction()
    const waiting = Promise.resolve(store.put({ id: 1 })).catch(error => error.name)
    store.close()
    expect(await waiting).to.equal('InvalidStateError')
  })

  it('keeps its memory bounded over many writes', () => {
    const store = memory({ indexes: ['n'] })
    for (let n = 0; n < 50_000; n++) {
      store.put({ id: n % 100, n })
      if (n % 3 === 0) store.delete((n * 7) % 100)
    }
    expect(store.count()).to.be.at.most(100)
    expect([...store.query('sort(n)')].length).to.equal(store.count())
  })
})
