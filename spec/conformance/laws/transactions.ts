import assert from 'node:assert/strict'
import { etag } from '../../../lib/etag.js'
import { transaction } from '../../../lib/transaction.js'
import { all, fill, ids, law, needs, refused, settled, type Thing } from '../case.js'

const transacted = needs('put', 'get', 'query', 'transaction')
const writable = needs('put', 'get', 'add', 'delete', 'query', 'count', 'transaction')

const methodsOfEnded = ['get', 'put', 'add', 'delete', 'query', 'count', 'commit'] as const

export const transactions = law(
  'law 9: a transaction is all or nothing',
  [
    writable('commit makes all writes visible at once', async ({ store }) => {
      await fill(store, [{ id: 1 }, { id: 2 }])
      const tx = await store.transaction()
      await tx.put?.({ id: 1, changed: true })
      await tx.add?.({ id: 3 })
      assert.equal(await tx.delete?.(2), true)
      await tx.commit()
      assert.deepEqual(await all(store), [{ id: 1, changed: true }, { id: 3 }])
    }),
    writable('abort drops all writes', async ({ store }) => {
      await fill(store, [{ id: 1 }, { id: 2 }])
      const before = await all(store)
      const tx = await store.transaction()
      await tx.put?.({ id: 1, changed: true })
      await tx.add?.({ id: 3 })
      await tx.delete?.(2)
      await tx.abort()
      assert.deepEqual(await all(store), before)
      assert.equal(await store.count(), 2)
      assert.equal(await store.add({ id: 3 }), 3)
    }),
    writable(
      'a second commit or an abort, while the first is under way, changes nothing of how it ends',
      async ({ store }) => {
        for (const method of ['commit', 'abort'] as const) {
          const changes = store.subscribe?.('id=1')[Symbol.asyncIterator]()
          const tx = await store.transaction()
          await tx.put?.({ id: 1, method })
          const [first] = await Promise.allSettled([settled(() => tx.commit()), settled(() => tx[method]())])
          const committed = first.status === 'fulfilled'
          assert.deepEqual(await all(store), committed ? [{ id: 1, method }] : [])
          if (method === 'commit') assert.ok(committed, 'the second commit made the first one fail')
          await store.delete(1)
          if (committed) assert.deepEqual((await changes?.next())?.value.object ?? { id: 1, method }, { id: 1, method })
          await changes?.return?.()
        }
      },
    ),
    writable('it reads its own writes, in every way', async ({ store }) => {
      await fill(store, [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
        { id: 3, n: 3 },
      ])
      const tx = await store.transaction()
      await tx.put?.({ id: 2, n: 20 })
      await tx.put?.({ id: 4, n: 4 })
      await tx.delete?.(1)
      assert.equal(await tx.get?.(1), undefined)
      assert.deepEqual(await tx.get?.(2), { id: 2, n: 20 })
      assert.deepEqual(await ids(tx), [2, 3, 4])
      assert.deepEqual(await ids(tx, 'n>=4&sort(-n)'), [2, 4])
      assert.deepEqual(await ids(tx, 'n<3'), [])
      assert.equal(await tx.count?.(), 3)
      assert.equal(await tx.count?.('n>3'), 2)
      await tx.abort()
    }),
    writable('others see the last commit while it is open', async ({ store }) => {
      await fill(store, [
        { id: 1, n: 1 },
        { id: 2, n: 2 },
      ])
      const tx = await store.transaction()
      await tx.put?.({ id: 1, n: 10 })
      await tx.delete?.(2)
      await tx.add?.({ id: 3, n: 3 })
      const reads = [store.get(1), store.get(2), store.get(3), ids(store), store.count('n<10')]
      const seen = Promise.all(reads.map(each => settled(() => each)))
      const early = await Promise.race([seen, tick()])
      if (early) assert.deepEqual(early, [{ id: 1, n: 1 }, { id: 2, n: 2 }, undefined, [1, 2], 2])
      await tx.abort()
      assert.deepEqual(await seen, [{ id: 1, n: 1 }, { id: 2, n: 2 }, undefined, [1, 2], 2])
    }),
    transacted('other writers wait until it has ended', async ({ store }) => {
      const order: string[] = []
      const tx = await store.transaction()
      const other = settled(() => store.put({ id: 1, by: 'other' })).then(() => order.push('other'))
      await tx.put?.({ id: 1, by: 'transaction' })
      await tick()
      order.push('commit')
      await tx.commit()
      await other
      assert.deepEqual(order, ['commit', 'other'])
      assert.deepEqual(await store.get(1), { id: 1, by: 'other' })
    }),
    transacted('transactions follow one another', async ({ store }) => {
      await store.put({ id: 'n', n: 0 })
      const increment = () =>
        transaction(store, async tx => {
          const { n } = (await tx.get('n')) as { n: number }
          await tick()
          await tx.put({ id: 'n', n: n + 1 })
        })
      await Promise.all(Array.from({ length: 20 }, increment))
      assert.deepEqual(await store.get('n'), { id: 'n', n: 20 })
    }),
    ...methodsOfEnded.flatMap(method =>
      (['commit', 'abort'] as const).map(end =>
        writable(`after ${end}, ${method} is refused`, async ({ store }) => {
          const tx = await store.transaction()
          await tx[end]()
          const call = {
            get: () => tx.get?.(1),
            put: () => tx.put?.({ id: 1 }),
            add: () => tx.add?.({ id: 1 }),
            delete: () => tx.delete?.(1),
            query: () => all(tx),
            count: () => tx.count?.(),
            commit: () => tx.commit(),
          }[method]
          await refused(call, 'TransactionInactiveError')
          assert.deepEqual(await all(store), [])
        }),
      ),
    ),
    transacted('aborting what has ended is harmless', async ({ store }) => {
      const tx = await store.transaction()
      await tx.put?.({ id: 1 })
      await tx.commit()
      await tx.abort()
      assert.deepEqual(await store.get(1), { id: 1 })
    }),
    transacted('a query made before the end gives nothing after it', async ({ store }) => {
      await store.put({ id: 1 })
      const tx = await store.transaction()
      const query = tx.query?.()
      await tx.commit()
      await refused(async () => {
        for await (const _ of query ?? []) assert.fail('an ended transaction was read')
      }, 'TransactionInactiveError')
    }),
    writable('a refused write leaves the transaction as it was', async ({ store }) => {
      await store.put({ id: 1 })
      const tx = await store.transaction()
      await tx.put?.({ id: 2 })
      await refused(() => tx.add?.({ id: 1 }), 'ConstraintError')
      await refused(() => tx.put?.({ id: 3, bad: () => 1 }), 'DataCloneError')
      await refused(() => tx.put?.({ id: 1, n: 1 }, { ifMatch: 'x' }), 'PreconditionFailedError')
      assert.deepEqual(await ids(tx), [1, 2])
      await tx.commit()
      assert.deepEqual(await all(store), [{ id: 1 }, { id: 2 }])
    }),
    writable('conditions are checked against its own writes', async ({ store }) => {
      await store.put({ id: 1, n: 1 })
      const tx = await store.transaction()
      await tx.put?.({ id: 1, n: 2 })
      await refused(() => tx.put?.({ id: 1, n: 3 }, { ifMatch: etag({ id: 1, n: 1 }) }), 'PreconditionFailedError')
      await tx.put?.({ id: 1, n: 3 }, { ifMatch: etag({ id: 1, n: 2 }) })
      await tx.delete?.(1)
      await tx.put?.({ id: 1, n: 4 }, { ifNoneMatch: '*' })
      await tx.commit()
      assert.deepEqual(await store.get(1), { id: 1, n: 4 })
    }),
    writable('add, delete and add again in one transaction', async ({ store }) => {
      await store.put({ id: 1, n: 0 })
      await transaction(store, async tx => {
        await tx.delete(1)
        await tx.add({ id: 1, n: 1 })
        await tx.delete(1)
        await tx.add({ id: 1, n: 2 })
        await tx.add({ id: 2 })
        await tx.delete(2)
      })
      assert.deepEqual(await all(store), [{ id: 1, n: 2 }])
    }),
    transacted('transaction() commits and gives what the work gave', async ({ store }) => {
      const given = await transaction(store, async tx => {
        await tx.put({ id: 1 })
        return 'done'
      })
      assert.equal(given, 'done')
      assert.deepEqual(await store.get(1), { id: 1 })
    }),
    transacted('transaction() aborts when the work throws, and throws on', async ({ store }) => {
      const reason = new Error('changed my mind')
      await assert.rejects(
        transaction(store, async tx => {
          await tx.put({ id: 1 })
          throw reason
        }),
        reason,
      )
      assert.equal(await store.get(1), undefined)
      await store.put({ id: 2 })
    }),
    transacted('500 writes in one transaction', async ({ store }) => {
      await transaction(store, async tx => {
        for (let id = 0; id < 500; id++) await tx.put({ id, n: id })
      })
      assert.equal((await all(store, 'n>=100')).length, 400)
    }),
    transacted('waiting for a transaction ends with the timeout', async ({ store }) => {
      const tx = await store.transaction()
      await refused(() => store.transaction({ timeout: 5 }), 'TimeoutError')
      await tx.abort()
      await (await store.transaction({ timeout: 5 })).abort()
    }),
    transacted('copies hold inside too', async ({ store }) => {
      const given: Thing = { id: 1, list: [1] }
      await transaction(store, async tx => {
        await tx.put(given)
        ;(given.list as number[]).push(2)
        const got = (await tx.get(1)) as Thing
        ;(got.list as number[]).push(3)
      })
      assert.deepEqual(await store.get(1), { id: 1, list: [1] })
    }),
  ],
  { inside: false },
)

/** A turn of the event loop. */
function tick(): Promise<undefined> {
  return new Promise(resolve => {
    setImmediate(() => resolve(undefined))
  })
}
