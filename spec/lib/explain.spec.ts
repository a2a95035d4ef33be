import { expect } from 'chai'
import { explain, introduce } from '../../lib/explain.js'
import { Model } from '../../models/model.js'
import { directory } from '../../stores/directory.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { readonly } from '../../wrappers/readonly.js'
import { folder } from '../stores/json-file/folder.js'

describe('explain', () => {
  const files = folder()

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

  it('knows every store, models and what extends them', async () => {
    const { path } = files
    const stores = [sqlite({ path: ':memory:', table: 't' }), await directory({ path: path('d') })] as const
    class Admin extends Model(stores[0], { title: 'User', properties: { name: String } }) {}
    expect(explain(Admin).options).to.deep.equal({ title: 'User' })
    expect(`${explain(Admin)}`).to.match(/^Model title=User\n {2}sqlite path=:memory: table=t durability=strict/)
    expect(explain(stores[1])).to.deep.include({ name: 'directory' })
    expect(explain(stores[1]).options).to.include({ path: path('d'), keep: 'all', durability: 'strict' })
    for (const store of stores) await store.close()
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
