import assert from 'node:assert/strict'
import { all, fill, ids, law, needs, type Thing } from '../case.js'

const numbers = (count: number): Thing[] => Array.from({ length: count }, (_, n) => ({ id: n, n }))

export const snapshots = law('law 8: a query sees one state', [
  needs(
    'put',
    'query',
    'delete',
  )('deleting what is iterated disturbs nothing', async ({ store }) => {
    await fill(store, numbers(20))
    const seen: unknown[] = []
    for await (const each of store.query()) {
      seen.push(each.id)
      await store.delete(19 - seen.length + 1)
    }
    assert.deepEqual(
      seen,
      numbers(20).map(({ id }) => id),
    )
    assert.deepEqual(await ids(store), [])
  }),
  needs('put', 'query')('writing while iterating disturbs nothing', async ({ store }) => {
    await fill(store, numbers(20))
    const seen: Thing[] = []
    for await (const each of store.query('sort(n)')) {
      seen.push(each)
      await store.put({ id: 100 + seen.length, n: 100 })
      await store.put({ id: 19, n: -1 })
    }
    assert.deepEqual(seen, numbers(20))
  }),
  needs(
    'put',
    'query',
    'get',
  )('what is written while iterating can be read at once', async ({ store }) => {
    await fill(store, numbers(3))
    for await (const each of store.query()) {
      await store.put({ ...each, touched: true })
      assert.deepEqual(await store.get(each.id as number), { ...each, touched: true })
    }
    assert.equal((await all(store, 'touched=true')).length, 3)
  }),
  needs('put', 'query')('two iterations at once do not disturb each other', async ({ store }) => {
    await fill(store, numbers(10))
    const pairs: unknown[] = []
    for await (const outer of store.query('n<3')) {
      for await (const inner of store.query('n>7')) pairs.push([outer.n, inner.n])
    }
    assert.deepEqual(pairs, [
      [0, 8],
      [0, 9],
      [1, 8],
      [1, 9],
      [2, 8],
      [2, 9],
    ])
  }),
  needs(
    'put',
    'query',
    'count',
  )('leaving an iteration early harms nothing', async ({ store }) => {
    await fill(store, numbers(10))
    for (let turn = 0; turn < 20; turn++) {
      for await (const each of store.query()) if (each.n === 2) break
    }
    await store.put({ id: 10, n: 10 })
    assert.equal(await store.count(), 11)
  }),
  needs('put', 'query')('a query that is asked again sees what is there now', async ({ store }) => {
    await fill(store, numbers(2))
    const query = store.query('n>=0')
    const first: unknown[] = []
    for await (const each of query) first.push(each.n)
    assert.deepEqual(first, [0, 1])
    await store.put({ id: 2, n: 2 })
    assert.deepEqual(await ids(store, 'n>=0'), [0, 1, 2])
  }),
  needs('put', 'query')('1,500 objects, with writes between', async ({ store }) => {
    await fill(store, numbers(1500))
    let count = 0
    for await (const each of store.query()) {
      assert.equal(each.n, count++)
      if (count % 500 === 0) await store.put({ id: 1499, n: -1 })
    }
    assert.equal(count, 1500)
  }),
])
