import assert from 'node:assert/strict'
import { all, fill, law, needs, refusedUnchanged } from '../case.js'

const reason = new Error('not any more')
const aborted = { signal: AbortSignal.abort(reason) }
const isReason = (error: unknown) => error === reason

export const options = law('law 10: an option that counts is honoured or refused', [
  needs('get')('get with an aborted signal', async ({ store }) => {
    await assert.rejects(async () => store.get('a', aborted), isReason)
  }),
  needs('put', 'query')('put with an aborted signal stores nothing', async ({ store }) => {
    await assert.rejects(async () => store.put({ id: 'a' }, aborted), isReason)
    assert.deepEqual(await all(store), [])
  }),
  needs('add', 'query')('add with an aborted signal stores nothing', async ({ store }) => {
    await assert.rejects(async () => store.add({ id: 'a' }, aborted), isReason)
    assert.deepEqual(await all(store), [])
  }),
  needs(
    'put',
    'delete',
    'query',
  )('delete with an aborted signal deletes nothing', async ({ store }) => {
    await store.put({ id: 'a' })
    await assert.rejects(async () => store.delete('a', aborted), isReason)
    assert.deepEqual(await all(store), [{ id: 'a' }])
  }),
  needs('put', 'query')('query with an aborted signal gives nothing', async ({ store }) => {
    await store.put({ id: 'a' })
    await assert.rejects(() => all(store, '', aborted), isReason)
  }),
  needs('put', 'query')('a signal ends an iteration that has begun', async ({ store }) => {
    await fill(store, [{ id: 1 }, { id: 2 }, { id: 3 }])
    const controller = new AbortController()
    await assert.rejects(async () => {
      for await (const each of store.query('', { signal: controller.signal })) {
        if (each.id === 2) controller.abort(reason)
        assert.notEqual(each.id, 3)
      }
    }, isReason)
  }),
  needs('count')('count with an aborted signal', async ({ store }) => {
    await assert.rejects(async () => store.count('', aborted), isReason)
  }),
  needs('transaction')('transaction with an aborted signal', async ({ store }) => {
    if (!store.transaction) return
    await assert.rejects(async () => store.transaction(aborted), isReason)
    await (await store.transaction()).abort()
  }),
  needs('transaction')('a signal ends the wait for a transaction', async ({ store }) => {
    if (!store.transaction) return
    const tx = await store.transaction()
    const controller = new AbortController()
    const waiting = (async () => store.transaction({ signal: controller.signal }))()
    controller.abort(reason)
    await assert.rejects(waiting, isReason)
    await tx.abort()
    await (await store.transaction()).abort()
  }),
  needs('put', 'query')('options that are undefined are not given', async ({ store }) => {
    await store.put({ id: 'a' }, { id: undefined, ifMatch: undefined, ifNoneMatch: undefined, signal: undefined })
    assert.deepEqual(await all(store, undefined, { start: undefined, end: undefined, parameters: undefined }), [
      { id: 'a' },
    ])
  }),
  needs('put', 'query')('an option that the store does not know is refused', async ({ store }) => {
    const wished = { wish: 'to be kept for ever' } as object
    await refusedUnchanged(store, () => store.put({ id: 'a' }, wished), 'NotSupportedError')
    await store.put({ id: 'a' }, { actor: 'ada', reason: 'a test' })
  }),
  needs('put', 'query')('both conditions at once must both hold', async ({ store }) => {
    await refusedUnchanged(
      store,
      () => store.put({ id: 'a' }, { ifMatch: '*', ifNoneMatch: '*' }),
      'PreconditionFailedError',
    )
  }),
])
