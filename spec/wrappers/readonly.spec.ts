import { expect } from 'chai'
import { can } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'
import { conforms } from '../conformance/index.js'

conforms('readonly(memory)', {
  open: () => readonly(memory()),
  offers: ['get', 'query', 'count', 'subscribe', 'setSchema', 'close'],
})

describe('readonly', () => {
  it('reads what is in the inner store, and cannot write', () => {
    const inner = memory({ objects: [{ id: 1, n: 1 }] })
    const store = readonly(inner)
    expect(store.get(1)).to.deep.equal({ id: 1, n: 1 })
    expect([can(store, 'put'), can(store, 'add'), can(store, 'delete'), can(store, 'transaction')]).to.deep.equal([
      false,
      false,
      false,
      false,
    ])
    // @ts-expect-error: there is no put
    expect(store.put).to.equal(undefined)
  })
})
