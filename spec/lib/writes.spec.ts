import { expect } from 'chai'
import { derive, forward } from '../../lib/derive.js'
import type { Id, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { perform, type Write, writes } from '../../lib/writes.js'
import { memory } from '../../stores/memory.js'
import { conforms, everything } from '../conformance/index.js'

/** Notes every write, and refuses those of a frozen id. */
function noting(inner: Store, notes: Write<never, Id>[] = []): Store {
  return derive(inner, {
    get: forward,
    query: forward,
    count: forward,
    subscribe: forward,
    setSchema: forward,
    close: forward,
    ...writes(inner, (write, target) => {
      notes.push(write as never)
      return perform(write, target)
    }),
  })
}

conforms('a wrapper made with writes', { open: () => noting(memory()), offers: everything })

describe('writes', () => {
  it('sends every write through one handler, outside a transaction and inside', async () => {
    const notes: Write<never, Id>[] = []
    const store = noting(memory(), notes) as Required<Store>
    await store.put({ id: 1 }, { ifNoneMatch: '*' })
    await transaction(store, async tx => {
      await tx.add({ id: 2 })
      await tx.delete(1)
    })
    expect(notes).to.deep.equal([
      { method: 'put', object: { id: 1 }, options: { ifNoneMatch: '*' } },
      { method: 'add', object: { id: 2 }, options: undefined },
      { method: 'delete', id: 1, options: undefined },
    ])
  })

  it('adds no method that the inner store has not', () => {
    expect(Object.keys(noting({ get: () => undefined, put: () => 1 }))).to.have.members(['get', 'put'])
  })

  it('stays synchronous over a synchronous store', () => {
    expect(noting(memory()).put?.({ id: 1 })).to.equal(1)
  })

  it('tells the handler when a write was committed, and when it was not', async () => {
    const told: string[] = []
    const telling = (inner: Store) =>
      derive(inner, {
        get: forward,
        query: forward,
        count: forward,
        subscribe: forward,
        setSchema: forward,
        close: forward,
        ...writes(inner, (write, target, unit) => {
          const name = `${write.method} in ${unit.transaction ? 'a transaction' : 'itself'}`
          unit.committed(() => told.push(`${name} committed`))
          unit.failed(() => told.push(`${name} failed`))
          return perform(write, target)
        }),
      }) as Required<Store>
    const store = telling(memory())
    store.add({ id: 1 })
    expect(() => store.add({ id: 1 })).to.throw()
    expect(told.splice(0)).to.deep.equal(['add in itself committed', 'add in itself failed'])
    await transaction(store, async tx => {
      await tx.put({ id: 2 })
      await tx.put({ id: 3 })
      expect(told).to.deep.equal([])
    })
    expect(told.splice(0)).to.deep.equal(['put in a transaction committed', 'put in a transaction committed'])
    await transaction(store, async tx => {
      await tx.put({ id: 4 })
      throw new Error('no')
    }).catch(() => {})
    expect(told).to.deep.equal(['put in a transaction failed'])
  })
})
