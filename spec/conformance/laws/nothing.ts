import assert from 'node:assert/strict'
import { all, law, needs } from '../case.js'

const falsy = [0, '', false, null, 0n] as const

export const nothing = law('law 2: nothing is undefined or false, and falsy data is data', [
  needs('get')('get of nothing is undefined', async ({ store }) => {
    assert.equal(await store.get('nothing'), undefined)
    assert.equal(await store.get(12345), undefined)
  }),
  needs('delete')('delete of nothing is false', async ({ store }) => {
    assert.equal(await store.delete('nothing'), false)
  }),
  needs(
    'put',
    'get',
    'delete',
  )('delete of something is true, and then it is gone', async ({ store }) => {
    await store.put({ id: 'a' })
    assert.equal(await store.delete('a'), true)
    assert.equal(await store.get('a'), undefined)
    assert.equal(await store.delete('a'), false)
  }),
  needs('query')('a query of an empty store gives nothing', async ({ store }) => {
    assert.deepEqual(await all(store), [])
    assert.deepEqual(await all(store, 'name=x&sort(-name)&limit(10)'), [])
  }),
  needs('count')('an empty store counts 0', async ({ store }) => {
    assert.equal(await store.count(), 0)
    assert.equal(await store.count('name=x'), 0)
  }),
  ...falsy.map(value =>
    needs('put', 'get')(`${typeof value} ${String(value)} is data`, async ({ store }) => {
      await store.put({ id: 'a', value })
      assert.deepEqual(await store.get('a'), { id: 'a', value })
    }),
  ),
  needs(
    'put',
    'get',
    'delete',
  )('the id 0 is an id', async ({ store }) => {
    assert.equal(await store.put({ id: 0, name: 'zero' }), 0)
    assert.deepEqual(await store.get(0), { id: 0, name: 'zero' })
    assert.equal(await store.delete(0), true)
  }),
  needs('put', 'get')('an object with nothing but its id is an object', async ({ store }) => {
    await store.put({ id: 'a' })
    assert.deepEqual(await store.get('a'), { id: 'a' })
  }),
  needs('put', 'get')('undefined is absent, at every depth', async ({ store }) => {
    await store.put({ id: 'a', gone: undefined, nested: { gone: undefined, kept: 1 } })
    const got = await store.get('a')
    assert.deepEqual(got, { id: 'a', nested: { kept: 1 } })
    assert.deepEqual(Object.keys(got ?? {}), ['id', 'nested'])
  }),
  needs('put', 'get')('put replaces the whole object', async ({ store }) => {
    await store.put({ id: 'a', one: 1, two: 2 })
    await store.put({ id: 'a', two: 3 })
    assert.deepEqual(await store.get('a'), { id: 'a', two: 3 })
  }),
])
