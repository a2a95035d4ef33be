import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { memory } from '../../stores/memory.js'
import { all, ids, refused } from '../conformance/case.js'
import { count, stale } from './revisions/count.js'

describe('revisions: shown', () => {
  it('begins at 0 whatever it said, and is 1 more with each put; the object that was given is not changed', async () => {
    const store = count(memory(), { property: '_rev' })
    const given = Object.freeze({ id: 1, n: 1, _rev: 7 })
    await store.put(given)
    expect([given._rev, await store.get(1)]).to.deep.equal([7, { id: 1, n: 1, _rev: 0 }])
    await store.put({ ...(await store.get(1)), n: 2 })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 2, _rev: 1 })
    await refused(() => store.put({ id: 1, _rev: 0 }), stale)
    await refused(() => store.put({ id: 1, _rev: 2 }), stale)
    await store.put({ id: 1, n: 3 })
    await store.put({ id: 1, n: 4, _rev: undefined })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 4, _rev: 3 })
    await store.delete(1)
    for (const _rev of [0, 3, 4]) await refused(() => store.put({ id: 1, _rev }), stale)
    await refused(() => store.add({ id: 1, _rev: 3 }), stale)
    await store.put({ id: 1 })
    expect(await store.get(1)).to.deep.equal({ id: 1, _rev: 4 })
  })

  it('is part of what is seen: of its ETag, of queries, of the order', async () => {
    const store = count(memory(), { property: '_rev' })
    for (const id of [1, 2, 2, 3, 3, 3]) await store.put({ id })
    expect([await ids(store, '_rev>=1'), await ids(store, 'sort(-_rev)'), await all(store, 'max(_rev)')]).to.deep.equal(
      [[2, 3], [3, 2, 1], [2]],
    )
    expect(await all(store, 'select(_rev)&distinct()')).to.deep.equal([{ _rev: 0 }, { _rev: 1 }, { _rev: 2 }])
    await store.delete(3)
    expect(await all(store, 'max(_rev)')).to.deep.equal([1])
    expect(await all(store, '_rev<0')).to.deep.equal([])
    const ifMatch = etag({ id: 2, _rev: 1 })
    await store.put({ id: 2, n: 1 }, { ifMatch })
    await refused(() => store.put({ id: 2, n: 1 }, { ifMatch }), stale)
    expect(await store.get(2)).to.deep.equal({ id: 2, n: 1, _rev: 2 })
  })

  it('a revision that is none is refused', async () => {
    const store = count(memory(), { property: '_rev' })
    for (const _rev of ['0', -1, 1.5, null]) await refused(() => store.put({ id: 1, _rev }), 'DataError')
    for (const ifRevision of ['0', -1, 1.5] as never[])
      await refused(() => store.put({ id: 1 }, { ifRevision }), 'TypeError')
    await refused(() => store.put({ id: 1 }, { ifRevision: 0 }), stale)
    expect(await store.count()).to.equal(0)
  })
})
