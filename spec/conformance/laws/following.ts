import assert from 'node:assert/strict'
import type { Change } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { law, needs, refused, type Subject, take } from '../case.js'

const followed = needs('put', 'subscribe')
const follow = (store: Subject['store'], query?: string, signal?: AbortSignal): AsyncIterator<Change> =>
  store.subscribe(query, { signal })[Symbol.asyncIterator]()

export const following = law(
  'subscribe gives the committed changes',
  [
    followed('a put', async ({ store }) => {
      const changes = follow(store)
      await store.put({ id: 1, n: 1 })
      assert.deepEqual(await take(changes, 1), [{ type: 'put', id: 1, object: { id: 1, n: 1 } }])
    }),
    followed('a put over something tells what was there', async ({ store }) => {
      await store.put({ id: 1, n: 1 })
      const changes = follow(store)
      await store.put({ id: 1, n: 2 })
      assert.deepEqual(await take(changes, 1), [
        { type: 'put', id: 1, object: { id: 1, n: 2 }, previous: { id: 1, n: 1 } },
      ])
    }),
    needs(
      'put',
      'delete',
      'subscribe',
    )('a delete tells what was there', async ({ store }) => {
      await store.put({ id: 1, n: 1 })
      const changes = follow(store)
      await store.delete(2)
      await store.delete(1)
      assert.deepEqual(await take(changes, 1), [{ type: 'delete', id: 1, previous: { id: 1, n: 1 } }])
    }),
    followed('a refused write is no change', async ({ store }) => {
      const changes = follow(store)
      await refused(() => store.put({ id: 1, bad: () => 1 }), 'DataCloneError')
      await store.put({ id: 2 })
      assert.deepEqual(
        (await take(changes, 1)).map(({ id }) => id),
        [2],
      )
    }),
    followed('a query chooses by the object, old or new', async ({ store }) => {
      await store.put({ id: 1, n: 1 })
      const changes = follow(store, 'n>=10')
      await store.put({ id: 1, n: 2 })
      await store.put({ id: 1, n: 10 })
      await store.put({ id: 1, n: 3 })
      await store.put({ id: 1, n: 4 })
      await store.put({ id: 2, n: 99 })
      assert.deepEqual(
        (await take(changes, 3)).map(({ object }) => object?.n),
        [10, 3, 99],
      )
    }),
    followed('what a follower gets is his own copy', async ({ store }) => {
      const [one, two] = [follow(store), follow(store)]
      await store.put({ id: 1, list: [1] })
      const [first] = await take(one, 1)
      assert.ok(first?.object)
      first.object.list.push(2)
      assert.deepEqual((await take(two, 1))[0]?.object, { id: 1, list: [1] })
    }),
    needs(
      'put',
      'subscribe',
      'transaction',
    )('a transaction gives its changes when it has committed', async ({ store }) => {
      const changes = follow(store)
      await transaction(store, async tx => {
        await tx.put({ id: 1, n: 1 })
        await tx.put({ id: 1, n: 2 })
        await tx.put({ id: 2 })
      })
      const taken = await take(changes, 2)
      assert.deepEqual(
        taken.map(({ type, id, object }) => [type, id, object]),
        [
          ['put', 1, { id: 1, n: 2 }],
          ['put', 2, { id: 2 }],
        ],
      )
    }),
    needs(
      'put',
      'subscribe',
      'transaction',
    )('an aborted transaction gives none', async ({ store }) => {
      const changes = follow(store)
      const tx = await store.transaction()
      await tx.put?.({ id: 1 })
      await tx.abort()
      await store.put({ id: 2 })
      assert.deepEqual(
        (await take(changes, 1)).map(({ id }) => id),
        [2],
      )
    }),
    followed('a signal ends it', async ({ store }) => {
      const controller = new AbortController()
      const changes = follow(store, undefined, controller.signal)
      const next = changes.next()
      controller.abort()
      assert.equal((await next).done, true)
    }),
    followed('leaving the loop ends it', async ({ store }) => {
      const changes = store.subscribe()
      await store.put({ id: 1 })
      for await (const change of changes) {
        assert.equal(change.id, 1)
        break
      }
      await store.put({ id: 2 })
    }),
    needs(
      'put',
      'subscribe',
      'close',
    )('close ends it', async ({ store }) => {
      const changes = follow(store)
      const next = changes.next()
      await store.close()
      assert.equal((await next).done, true)
    }),
    followed('through a sort or a limit it is refused', async ({ store }) => {
      await refused(() => follow(store, 'limit(1)'), 'NotSupportedError')
      await refused(() => follow(store, 'n=1&count()'), 'NotSupportedError')
    }),
  ],
  { inside: false },
)
