import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { sqlite } from '../../stores/sqlite.js'
import { files } from './sqlite-files.js'

const relaxed = { durability: 'relaxed' } as const

describe('sqlite, large results', () => {
  const path = files().newPath()
  const store = sqlite({ path, indexes: ['n'], ...relaxed })
  before(() =>
    transaction(store, async tx => {
      for (let n = 0; n < 3000; n++) await tx.put({ id: n, n: n % 100 })
    }),
  )
  after(() => store.close())

  for (const query of ['', 'n>=0', 'sort(n)', 'sort(-n)&limit(2500)', 'not(n=5)', 'name=null']) {
    it(`are from one state, while others write and read: ${query || '(everything)'}`, () => {
      const expected = [...store.query(query)]
      for (let turn = 0; turn < 2; turn++) {
        let at = 0
        for (const each of store.query(query)) {
          expect(each).to.deep.equal(expected[at])
          if (++at % 1000 === 0) {
            store.put({ id: 2999, n: -1 })
            expect(store.get(2999)).to.deep.equal({ id: 2999, n: -1 })
            store.delete(1500)
            expect(store.count()).to.equal(2999)
          }
        }
        expect(at).to.equal(expected.length)
        store.put({ id: 2999, n: 99 })
        store.put({ id: 1500, n: 0 })
      }
    })
  }

  it('can be left at any time, and many can be open at once', () => {
    const open = Array.from({ length: 60 }, () => store.query()[Symbol.iterator]())
    for (const iterator of open) expect(iterator.next().value).to.deep.equal({ id: 0, n: 0 })
    store.put({ id: 0, n: 1 })
    for (const iterator of open) {
      let count = 1
      while (!iterator.next().done) count++
      expect(count).to.equal(3000)
    }
    for (let turn = 0; turn < 100; turn++) for (const _ of store.query()) break
    store.put({ id: 0, n: 0 })
    expect(store.count('n=0')).to.equal(30)
  })

  it('are as they were when iteration began', () => {
    for (let turn = 0; turn < 3; turn++) {
      const iterator = store.query()[Symbol.iterator]()
      store.put({ id: 0, n: 77 })
      expect(iterator.next().value).to.deep.equal({ id: 0, n: 0 })
      store.put({ id: 0, n: 0 })
      iterator.return?.()
    }
  })

  it('end when the store is closed', () => {
    const other = sqlite({ path, ...relaxed })
    const iterators = [other.query(), other.query('sort(n)'), other.query('limit(5)')].map(each =>
      each[Symbol.iterator](),
    )
    for (const iterator of iterators) iterator.next()
    other.close()
    const [one, two, small] = iterators
    for (const large of [one, two]) {
      expect(() => {
        while (!large?.next().done);
      }).to.throw('the store is closed')
      expect(large?.next().done).to.equal(true)
    }
    expect(small?.next().done).to.equal(false)
  })

  it('end when the signal says so', () => {
    const controller = new AbortController()
    let count = 0
    expect(() => {
      for (const _ of store.query('', { signal: controller.signal })) if (++count === 1500) controller.abort()
    }).to.throw(controller.signal.reason)
    expect(count).to.equal(1500)
    store.put({ id: 0, n: 0 })
  })
})
