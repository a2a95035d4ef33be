import { expect } from 'chai'
import { derive } from '../../lib/derive.js'
import { hiddenMark, type Meaning, marked, shownMark } from '../../lib/marked.js'
import { node } from '../../lib/query/expression.js'
import type { Schema } from '../../lib/schema.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { all, ids, refused, take } from '../conformance/case.js'
import { newSeed, random } from '../oracle/random.js'

describe('marked: the mark', () => {
  const mark = hiddenMark('$age')

  it('what the caller sees is what he gave, whatever its names, in its order: random objects', () => {
    const seed = newSeed()
    const chance = random(seed)
    const names = ['age', '$age', '$$age', '$$$age', '$ages', '$', 'id', '__proto__', '$date']
    for (let run = 0; run < 1000; run++) {
      const object: Data = {}
      for (let left = chance.below(6); left > 0; left--) {
        const own = { value: chance.below(9), enumerable: true, writable: true, configurable: true }
        Object.defineProperty(object, chance.pick(names), own)
      }
      const before = JSON.stringify(object)
      const stored = mark.set(mark.own(object), run)
      expect(mark.of(stored), `SEED=${seed}`).to.equal(run)
      expect(JSON.stringify(mark.seen(stored)), `SEED=${seed}`).to.equal(before)
      expect(JSON.stringify(object)).to.equal(before)
      for (const name of Object.keys(object)) {
        if (mark.knows(name)) expect(Object.getOwnPropertyDescriptor(stored, name)?.value).to.equal(object[name])
      }
    }
  })

  it('an object is read once, and must be plain', async () => {
    let reads = 0
    const object = {
      get n() {
        return ++reads
      },
    }
    expect([mark.own(object), reads]).to.deep.equal([{ n: 1 }, 1])
    expect(mark.own(Object.create(null))).to.deep.equal({})
    for (const given of [new Map(), new (class A {})(), [], Object.setPrototypeOf([], Object.prototype)])
      await refused(() => mark.own(given), 'DataCloneError')
    for (const given of [undefined, null, 5, 'x']) await refused(() => mark.own(given as never), 'TypeError')
  })

  it('shown, it is a property like others', () => {
    const shown = shownMark('rev')
    expect(shown.seen(shown.set(shown.own({ rev: 1, $rev: 2 }), 5))).to.deep.equal({ rev: 5, $rev: 2 })
    expect(shown.knows('rev')).to.equal(true)
  })
})

/** A wrapper of a few lines: objects above an age are not seen, and may be replaced. */
function young(inner: Store, age: number) {
  const mark = hiddenMark('$age')
  const meaning: Meaning<Data, Id, number> = {
    mark,
    idProperty: 'id',
    sees: age => (age as number) < 10,
    condition: () => node('lt', ['$age', 10]),
    wish: () => age,
    next: (_, age) => age,
  }
  return derive<Data, Id>(inner, marked<Data, Id, number>(inner, meaning)) as Required<Store<Data, Id>>
}

describe('marked: a store', () => {
  it('what is not seen is as if it were not there, and may be replaced', async () => {
    const inner = memory()
    const [store, old] = [young(inner, 1), young(inner, 99)]
    await old.put({ id: 1, name: 'old' })
    await store.put({ id: 2, name: 'new' })
    expect([await ids(store), await store.count('name=old'), await store.get(1)]).to.deep.equal([[2], 0, undefined])
    expect(await store.delete(1)).to.equal(false)
    expect(inner.count()).to.equal(2)
    await refused(() => store.put({ id: 1 }, { ifMatch: '*' }), 'PreconditionFailedError')
    await store.add({ id: 1 }, { ifNoneMatch: '*' })
    await refused(() => store.add({ id: 1 }), 'ConstraintError')
    expect(await all(store)).to.deep.equal([{ id: 1 }, { id: 2, name: 'new' }])
  })

  it('what goes out of sight is told as a delete, what comes into it as new', async () => {
    const inner = memory()
    const [store, old] = [young(inner, 1), young(inner, 99)]
    const changes = store.subscribe('id=1')[Symbol.asyncIterator]()
    await store.put({ id: 1, n: 1 })
    await old.put({ id: 1, n: 2 })
    await old.put({ id: 1, n: 3 })
    await store.put({ id: 1, n: 4 })
    expect(await take(changes, 3)).to.deep.equal([
      { type: 'put', id: 1, object: { id: 1, n: 1 } },
      { type: 'delete', id: 1, previous: { id: 1, n: 1 } },
      { type: 'put', id: 1, object: { id: 1, n: 4 } },
    ])
  })

  it('the schema reaches the inner store by the names that it knows', () => {
    let given: Schema | undefined
    const setSchema = (schema: Schema) => {
      given = schema
    }
    const store = young({ ...memory(), setSchema }, 1)
    store.setSchema({ properties: { $age: { index: true }, age: { unique: true } }, required: ['$age', 'age'] })
    expect(given).to.deep.equal({
      properties: { $$age: { index: true }, age: { unique: true } },
      required: ['$$age', 'age'],
    })
  })

  it('what the inner store refuses for reasons of its own is not tried for ever', async () => {
    let puts = 0
    const inner = memory()
    const put: typeof inner.put = (object, options) => {
      puts++
      return inner.put(object, { ...options, ifMatch: 'what nobody has' })
    }
    await refused(() => young({ ...inner, put }, 1).put({ id: 1 }), 'PreconditionFailedError')
    expect(puts).to.be.within(2, 5)
  })

  it('what comes without an id is new: it fulfils no ifMatch, and replaces nothing that another property names', async () => {
    const store = young(memory({ idProperty: 'key', objects: [{ key: 'a', $age: 99 }] }), 1)
    for (const method of ['put', 'add'] as const) {
      await refused(() => store[method]({ n: 1 }, { ifMatch: '*' }), 'PreconditionFailedError')
    }
    await refused(() => store.put({ key: 'a', n: 1 }), 'PreconditionFailedError')
    expect([await store.put({ key: 'b' }), await store.count()]).to.deep.equal(['b', 1])
  })

  it('a store that can only add needs no look', async () => {
    const inner = memory()
    const store = young({ add: inner.add }, 1)
    await store.add({ id: 1 })
    await refused(() => store.add({ id: 1 }), 'ConstraintError')
    expect([Object.keys(store), inner.get(1)]).to.deep.equal([['add'], { id: 1, $age: 1 }])
  })
})
