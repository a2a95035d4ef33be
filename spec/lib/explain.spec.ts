import { expect } from 'chai'
import { explain, introduce } from '../../lib/explain.js'
import { memory } from '../../stores/memory.js'
import { readonly } from '../../wrappers/readonly.js'

describe('explain', () => {
  it('gives the stack as data and as text, with the numbers of the moment', () => {
    const kept = memory()
    const store = readonly(kept)
    kept.put({ id: 1 })
    const explained = explain(store)
    expect([explained.name, explained.inner.map(({ name }) => name)]).to.deep.equal(['readonly', ['memory']])
    expect(explained.inner[0]?.numbers).to.deep.equal({ objects: 1 })
    kept.put({ id: 2 })
    expect(String(explain(store))).to.equal('readonly\n  memory readonly=false objects=2')
  })

  it('knows nothing of a store that was not introduced', () => {
    expect(String(explain({ get: () => undefined }))).to.equal('a store')
  })

  it('says how long objects last', () => {
    const store = introduce({ get: () => undefined }, { name: 'mine', options: { path: 'a b' }, expires: 1000 })
    expect(explain(store).expires).to.equal(1000)
    expect(String(explain(store))).to.equal('mine path=a b')
  })
})
