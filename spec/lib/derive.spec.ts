import { expect } from 'chai'
import { type Decisions, derive, forward, hide, provide } from '../../lib/derive.js'
import { methods, type Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'

const forwardAll = Object.fromEntries(methods.map(method => [method, forward])) as unknown as Decisions<Store>

describe('derive', () => {
  it('gives the methods of the inner store, no more and no less', () => {
    const inner: Store = { get: id => ({ id }), count: () => 1 }
    expect(Object.keys(derive(inner, forwardAll))).to.deep.equal(['get', 'count'])
  })

  it('hides, replaces where the inner store has the method, provides where it has none', () => {
    const inner: Store = { get: id => ({ id }), put: () => 1 }
    const derived = derive(inner, {
      ...forwardAll,
      put: hide,
      get: id => ({ id, derived: true }),
      add: () => 'never, since the inner store has no add',
      count: provide(() => 42),
    })
    expect(Object.keys(derived)).to.deep.equal(['get', 'count'])
    expect(derived.get?.(1)).to.deep.equal({ id: 1, derived: true })
    expect(derived.count?.()).to.equal(42)
  })

  it('binds what it forwards, so that a store may be a class', () => {
    class Counting {
      #got = 0
      get(id: number) {
        this.#got++
        return { id, got: this.#got }
      }
    }
    const { get } = derive(new Counting() as Store, forwardAll)
    expect(get?.(7)).to.deep.equal({ id: 7, got: 1 })
  })

  it('gives a frozen object without prototype', () => {
    const derived = derive(memory(), forwardAll)
    expect(Object.isFrozen(derived)).to.equal(true)
    expect(Object.getPrototypeOf(derived)).to.equal(null)
    expect('constructor' in derived).to.equal(false)
  })

  it('keeps a synchronous store synchronous, three wrappers deep', () => {
    const store = memory()
    store.put({ id: 1, n: 1 })
    const three = derive(derive(derive(store, forwardAll), forwardAll), forwardAll)
    expect(three.get?.(1)).to.deep.equal({ id: 1, n: 1 })
  })
})
