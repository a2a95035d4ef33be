import assert from 'node:assert/strict'
import { isStoreError } from '../../../lib/errors.js'
import { etag } from '../../../lib/etag.js'
import { law, needs, refused, refusedUnchanged, type Thing } from '../case.js'

const writable = needs('put', 'get', 'query')

export const conditions = law('law 5: add, and writing under a condition', [
  needs(
    'add',
    'get',
    'query',
  )('add over what is there is refused and changes nothing', async ({ store }) => {
    await store.add({ id: 'a', name: 'first' })
    await refusedUnchanged(store, () => store.add({ id: 'a', name: 'second' }), 'ConstraintError')
    await refusedUnchanged(store, () => store.add({ name: 'second' }, { id: 'a' }), 'ConstraintError')
  }),
  needs(
    'add',
    'get',
    'delete',
  )('add after a delete is allowed', async ({ store }) => {
    await store.add({ id: 'a', name: 'first' })
    await store.delete('a')
    await store.add({ id: 'a', name: 'second' })
    assert.deepEqual(await store.get('a'), { id: 'a', name: 'second' })
  }),
  needs('add')('the error names the id', async ({ store }) => {
    await store.add({ id: 'taken' })
    const error = await refused(() => store.add({ id: 'taken' }), 'ConstraintError')
    assert.ok(isStoreError(error, 'ConstraintError'))
    assert.equal(error.id, 'taken')
    assert.match(error.message, /taken/)
  }),
  writable('ifMatch with the ETag of what is stored', async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    await store.put({ id: 'a', n: 2 }, { ifMatch: etag((await store.get('a')) as Thing) })
    assert.deepEqual(await store.get('a'), { id: 'a', n: 2 })
  }),
  writable('ifMatch with the ETag of a copy made elsewhere', async ({ store }) => {
    await store.put({ id: 'a', n: 1, when: new Date(5) })
    await store.put({ id: 'a', n: 2 }, { ifMatch: etag({ when: new Date(5), n: 1, id: 'a' }) })
    assert.deepEqual(await store.get('a'), { id: 'a', n: 2 })
  }),
  writable('ifMatch with the object that was read', async ({ store }) => {
    await store.put({ id: 'a', n: 1, when: new Date(5) })
    await store.put({ id: 'a', n: 2 }, { ifMatch: (await store.get('a')) as Thing })
    await store.put({ id: 'a', n: 3, m: 1 }, { ifMatch: { n: 2, m: undefined, id: 'a' } })
    assert.deepEqual(await store.get('a'), { id: 'a', n: 3, m: 1 })
  }),
  writable('ifMatch with another object is refused', async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    for (const ifMatch of [{ id: 'a', n: 2 }, { id: 'a' }, { id: 'a', n: 1, m: 1 }]) {
      await refusedUnchanged(store, () => store.put({ id: 'a', n: 3 }, { ifMatch }), 'PreconditionFailedError')
    }
  }),
  writable('ifMatch with another ETag is refused', async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    const other = etag({ id: 'a', n: 2 })
    await refusedUnchanged(store, () => store.put({ id: 'a', n: 3 }, { ifMatch: other }), 'PreconditionFailedError')
    await refusedUnchanged(store, () => store.put({ id: 'a', n: 3 }, { ifMatch: 'x' }), 'PreconditionFailedError')
  }),
  writable('ifMatch where nothing is stored is refused', async ({ store }) => {
    const tag = etag({ id: 'a' })
    await refusedUnchanged(store, () => store.put({ id: 'a' }, { ifMatch: tag }), 'PreconditionFailedError')
    await refusedUnchanged(store, () => store.put({ id: 'a' }, { ifMatch: '*' }), 'PreconditionFailedError')
  }),
  writable("ifMatch '*' wants something to be stored", async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    await store.put({ id: 'a', n: 2 }, { ifMatch: '*' })
    assert.deepEqual(await store.get('a'), { id: 'a', n: 2 })
  }),
  writable("ifNoneMatch '*' wants nothing to be stored", async ({ store }) => {
    await store.put({ id: 'a', n: 1 }, { ifNoneMatch: '*' })
    await refusedUnchanged(store, () => store.put({ id: 'a', n: 2 }, { ifNoneMatch: '*' }), 'PreconditionFailedError')
  }),
  writable('any other ifNoneMatch is refused', async ({ store }) => {
    const wrong = { ifNoneMatch: etag({ id: 'a' }) as '*' }
    await refusedUnchanged(store, () => store.put({ id: 'a' }, wrong), 'NotSupportedError')
  }),
  needs(
    'put',
    'query',
    'delete',
  )('delete with the right ifMatch', async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    assert.equal(await store.delete('a', { ifMatch: etag({ id: 'a', n: 1 }) }), true)
    assert.equal(await store.delete('a'), false)
    await store.put({ id: 'a', n: 1 })
    assert.equal(await store.delete('a', { ifMatch: { id: 'a', n: 1 } }), true)
    assert.equal(await store.delete('a'), false)
  }),
  needs(
    'put',
    'query',
    'delete',
  )('delete with a wrong ifMatch is refused', async ({ store }) => {
    await store.put({ id: 'a', n: 1 })
    const stale = etag({ id: 'a', n: 0 })
    await refusedUnchanged(store, () => store.delete('a', { ifMatch: stale }), 'PreconditionFailedError')
    await refusedUnchanged(store, () => store.delete('b', { ifMatch: stale }), 'PreconditionFailedError')
    await refusedUnchanged(store, () => store.delete('b', { ifMatch: '*' }), 'PreconditionFailedError')
    await refusedUnchanged(store, () => store.delete('a', { ifMatch: { id: 'a', n: 0 } }), 'PreconditionFailedError')
  }),
  needs('put', 'get')('20 compare-and-swap increments at once: none is lost', async ({ store }) => {
    await store.put({ id: 'n', n: 0 })
    const increment = async (): Promise<void> => {
      for (;;) {
        const read = (await store.get('n')) as { id: string; n: number }
        try {
          await store.put({ ...read, n: read.n + 1 }, { ifMatch: etag(read) })
          return
        } catch (error) {
          if (!isStoreError(error, 'PreconditionFailedError')) throw error
        }
      }
    }
    await Promise.all(Array.from({ length: 20 }, increment))
    assert.equal((await store.get('n'))?.n, 20)
  }),
  needs('add', 'count')('of 20 adds of one id at once, one wins', async ({ store }) => {
    const attempts = Array.from({ length: 20 }, async (_, n) => store.add({ id: 'a', n }))
    const outcomes = await Promise.allSettled(attempts)
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.equal(await store.count(), 1)
  }),
])
