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
})
