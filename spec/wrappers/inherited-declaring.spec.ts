import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import { memory } from '../../stores/memory.js'
import { inherited } from '../../wrappers/inherited.js'
import { take } from '../conformance/case.js'
import { zoo } from './inherited/zoo.js'

describe('inherited: declaring', () => {
  it('may come in any order, also after objects were stored and while they are followed', async () => {
    const inner = memory()
    const animal = inherited(inner, { type: 'animal' })
    const changes = animal.subscribe()[Symbol.asyncIterator]()
    const pug = inherited(inner, { type: 'pug', extends: 'dog' })
    await pug.put({ id: 1 })
    expect(animal.get(1)).to.equal(undefined)
    inherited(inner, { type: 'dog', extends: 'animal' })
    expect(animal.get(1)).to.deep.equal({ id: 1 })
    await pug.put({ id: 2 })
    expect((await take(changes, 2)).map(({ id }) => id)).to.deep.equal([1, 2])
  })

  it('refuses a circle, and then is as before', () => {
    const inner = memory()
    inherited(inner, { type: 'a', extends: 'b' })
    inherited(inner, { type: 'b', extends: 'c' })
    expect(() => inherited(inner, { type: 'c', extends: ['d', 'a'] })).to.throw(TypeError, 'c cannot extend a')
    expect(() => inherited(inner, { type: 'e', extends: 'e' })).to.throw(TypeError, 'e cannot extend e')
    inherited(inner, { type: 'c', extends: 'd' })
    inherited(inner, { type: 'e' })
  })

  it('the same may be said twice, but nothing else', () => {
    const inner = memory()
    inherited(inner, { type: 'a', extends: ['b', 'c'] })
    inherited(inner, { type: 'a', extends: ['c', 'b', 'c'] })
    expect(() => inherited(inner, { type: 'a' })).to.throw(TypeError, 'a extends')
    inherited(memory(), { type: 'a' })
  })

  it('refuses names that are none, and stores that cannot be looked into', () => {
    for (const type of ['', 5, undefined, '\ud800'] as never[]) {
      expect(() => inherited(memory(), { type })).to.throw(TypeError)
      expect(() => inherited(memory(), { type: 'a', extends: [type] })).to.throw(TypeError)
    }
    const { get: _, ...blind } = memory()
    expect(() => inherited(blind, { type: 'a' })).to.throw('types need a store with get')
    const { add } = memory()
    expect(Object.keys(inherited({ add }, { type: 'a' }))).to.deep.equal(['add'])
  })

  it('says what it is', () => {
    const { animal } = zoo()
    expect(`${explain(animal)}`).to.equal('inherited type=animal types=5\n  memory readonly=false objects=0')
  })
})
