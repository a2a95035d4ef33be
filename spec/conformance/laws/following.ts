import assert from 'node:assert/strict'
import type { Change } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { fill, law, needs, refused, type Subject, take } from '../case.js'

const followed = needs('put', 'subscribe')
const resumed = needs('put', 'delete', 'subscribe', 'since')
const follow = (store: Subject['store'], query?: string, signal?: AbortSignal): AsyncIterator<Change> =>
  store.subscribe(query, { signal })[Symbol.asyncIterator]()

/** The next changes, without their place in a history. */
async function unnumbered(changes: AsyncIterator<Change>, count: number): Promise<Change[]> {
  return (await take(changes, count)).map(({ sequence: _, ...change }) => change)
}

export const following = law(
  'subscribe gives the committed changes',
  [
    followed('a put', async ({ store }) => {
      const changes = follow(store)
      await store.put({ id: 1, n: 1 })
      assert.deepEqual(await unnumbered(changes, 1), [{ type: 'put', id: 1, object: { id: 1, n: 1 } }])
    }),
    followed('a put over something tells what was there', async ({ store }) => {
      await store.put({ id: 1, n: 1 })
      const changes = follow(store)
      await store.put({ id: 1, n: 2 })
      assert.deepEqual(await unnumbered(changes, 1), [
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
      assert.deepEqual(await unnumbered(changes, 1), [{ type: 'delete', id: 1, previous: { id: 1, n: 1 } }])
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
    followed('since a change before is honoured or refused', async ({ store }) => {
      await fill(store, [{ id: 1 }, { id: 2 }])
      let changes: AsyncIterator<Change>
      try {
        changes = store.subscribe('', { since: 0 })[Symbol.asyncIterator]()
      } catch (error) {
        assert.equal((error as Error).name, 'NotSupportedError')
        return
      }
      await store.put({ id: 3 })
      assert.deepEqual(
        (await take(changes, 3)).map(({ id }) => id),
        [1, 2, 3],
      )
    }),
    resumed('what came since, then what comes, each once and in order', async ({ store }) => {
      await fill(store, [
        { id: 1, n: 1 },
        { id: 1, n: 2 },
      ])
      await store.delete(1)
      const [first] = await take(store.subscribe('', { since: 0 })[Symbol.asyncIterator](), 1)
      const changes = store.subscribe('', { since: first?.sequence })[Symbol.asyncIterator]()
      await store.put({ id: 2, n: 3 })
      const taken = await take(changes, 2)
      await store.put({ id: 2, n: 4 })
      taken.push(...(await take(changes, 2)))
      const sequence = first?.sequence as number
      assert.deepEqual(taken, [
        { type: 'put', id: 1, object: { id: 1, n: 2 }, previous: { id: 1, n: 1 }, sequence: sequence + 1 },
        { type: 'delete', id: 1, previous: { id: 1, n: 2 }, sequence: sequence + 2 },
        { type: 'put', id: 2, object: { id: 2, n: 3 }, sequence: sequence + 3 },
        { type: 'put', id: 2, object: { id: 2, n: 4 }, previous: { id: 2, n: 3 }, sequence: sequence + 4 },
      ])
    }),
    resumed('a query chooses among the earlier changes too', async ({ store }) => {
      await fill(store, [
        { id: 1, n: 1 },
        { id: 2, n: 10 },
        { id: 1, n: 2 },
        { id: 2, n: 3 },
      ])
      const changes = store.subscribe('n>=10', { since: 0 })[Symbol.asyncIterator]()
      assert.deepEqual(
        (await take(changes, 2)).map(({ object }) => object?.n),
        [10, 3],
      )
    }),
    resumed('since what is still to come, or no number, is refused', async ({ store }) => {
      await store.put({ id: 1 })
      const since = (since: unknown) => () =>
        store
          .subscribe('', { since: since as number })
          [Symbol.asyncIterator]()
          .next()
      await refused(since(100), 'NotFoundError')
      for (const wrong of ['1', -1, 0.5, null]) await refused(since(wrong), 'TypeError')
    }),
  ],
  { inside: false },
)
