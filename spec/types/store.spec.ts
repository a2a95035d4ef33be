/** What the compiler promises about stores and wrappers; each case also runs. */
import { expect } from 'chai'
import { derive, forward, hide } from '../../lib/derive.js'
import { can, type Id, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'

interface City {
  id: number
  name: string
}

describe('types of stores', () => {
  const store = memory<City, number>({ objects: [{ id: 1, name: 'Oslo' }] })

  it('memory reads synchronously, and knows its objects', () => {
    const name: string | undefined = store.get(1)?.name
    const names: string[] = [...store.query()].map(city => city.name)
    const count: number = store.count()
    expect([name, names, count]).to.deep.equal(['Oslo', ['Oslo'], 1])
  })

  it('refuses objects and ids of other types', () => {
    // @ts-expect-error: the name is missing
    store.put({ id: 2 })
    // @ts-expect-error: ids are numbers here
    store.get('2')
    // @ts-expect-error: there is no such property
    expect(store.get(1)?.nmae).to.equal(undefined)
  })

  it('an untyped memory gives no any', () => {
    const untyped = memory({ objects: [{ id: 1, name: 'x' } as Record<string, unknown>] })
    const name: unknown = untyped.get(1)?.name
    // @ts-expect-error: it may be anything, so it is not yet a string
    const text: string | undefined = untyped.get(1)?.name
    expect([name, text]).to.deep.equal(['x', 'x'])
  })

  it('a store may lack any method; can() narrows', async () => {
    const some: Store<City, number> = store
    // @ts-expect-error: perhaps it has none
    expect(() => some.get(1)).not.to.throw()
    if (can(some, 'get')) expect((await some.get(1))?.name).to.equal('Oslo')
    const none: Store = {}
    expect(can(none, 'get')).to.equal(false)
  })

  it('a wrapper decides about every method', () => {
    // @ts-expect-error: nothing is said of close
    derive(store as Store<City, Id>, {
      get: forward,
      put: hide,
      add: hide,
      delete: hide,
      query: forward,
      count: forward,
      subscribe: forward,
      transaction: hide,
      setSchema: forward,
    })
  })

  it('a wrapped store has the exact type: synchronous where the inner one is, without what is hidden', () => {
    const view = readonly(store)
    const name: string | undefined = view.get(1)?.name
    expect(name).to.equal('Oslo')
    // @ts-expect-error: it is hidden
    expect(view.delete).to.equal(undefined)
    // @ts-expect-error: nothing can be set
    expect(() => (view.get = () => undefined)).to.throw(TypeError)
  })

  it('a transaction has the methods of its store, and no others', async () => {
    await transaction(store, tx => {
      const name: string | undefined = tx.get(1)?.name
      expect(name).to.equal('Oslo')
      // @ts-expect-error: ended by transaction() alone
      tx.commit
      // @ts-expect-error: not inside
      tx.close
    })
  })

  it('several transactions keep their types apart', async () => {
    const numbers = memory<{ id: string; n: number }, string>({ objects: [{ id: 'a', n: 1 }] })
    await transaction([store, numbers], ([cities, others]) => {
      const name: string | undefined = cities.get(1)?.name
      const n: number | undefined = others.get('a')?.n
      expect([name, n]).to.deep.equal(['Oslo', 1])
    })
  })
})
