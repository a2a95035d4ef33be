import assert from 'node:assert/strict'
import { transaction } from '../../../lib/transaction.js'
import { all, fill, ids, law, needs, refusedUnchanged, type Thing } from '../case.js'

const lasts = needs('put', 'get', 'query', 'close', 'lasting')

const full: Thing = {
  id: 'a',
  z: 1,
  when: new Date('2026-01-31T12:34:56.789Z'),
  big: 2n ** 70n,
  bytes: Uint8Array.of(0, 255),
  text: 'a\u0000\u{1f600}\n"',
  list: [null, { $date: 'x' }, [[]]],
  a: { deep: { $$bigint: '5' } },
}

export const lasting = law(
  'law 11: what is acknowledged lasts',
  [
    lasts('values come back equal, in their order', async ({ store, reopen }) => {
      await store.put(full)
      const got = await (await reopen()).get('a')
      assert.deepEqual(got, full)
      assert.deepEqual(Object.keys(got ?? {}), Object.keys(full))
    }),
    lasts('number ids stay numbers, string ids strings', async ({ store, reopen }) => {
      await fill(store, [{ id: 7 }, { id: '8' }, { id: '08' }, { id: '__proto__' }])
      assert.deepEqual(await ids(await reopen()), [7, '8', '08', '__proto__'])
    }),
    needs(
      'put',
      'delete',
      'get',
      'query',
      'close',
      'lasting',
    )('deletes last', async ({ store, reopen }) => {
      await fill(store, [{ id: 1 }, { id: 2 }, { id: 3 }])
      await store.delete(2)
      const again = await reopen()
      assert.deepEqual(await ids(again), [1, 3])
      await again.delete(1)
      assert.deepEqual(await ids(await reopen()), [3])
    }),
    lasts('the last put lasts, over several openings', async ({ store, reopen }) => {
      let current = store
      for (let n = 0; n < 5; n++) {
        await current.put({ id: 'a', n })
        await current.put({ id: n })
        current = await reopen()
      }
      assert.deepEqual(await all(current), [...Array.from({ length: 5 }, (_, id) => ({ id })), { id: 'a', n: 4 }])
    }),
    needs(
      'put',
      'get',
      'query',
      'transaction',
      'close',
      'lasting',
    )('commits last, aborts do not', async ({ store, reopen }) => {
      await transaction(store, async tx => {
        await tx.put({ id: 1 })
        await tx.put({ id: 2 })
      })
      const tx = await store.transaction()
      await tx.put?.({ id: 3 })
      await tx.abort()
      const open = await store.transaction()
      await open.put?.({ id: 4 })
      assert.deepEqual(await ids(await reopen()), [1, 2])
    }),
    lasts('an empty store opens empty', async ({ reopen }) => {
      assert.deepEqual(await all(await reopen()), [])
    }),
    needs(
      'put',
      'query',
      'setSchema',
      'unique',
      'close',
      'lasting',
    )('a unique key holds again once it is told', async ({ store, reopen }) => {
      const schema = { properties: { email: { unique: true }, age: { index: true } } }
      store.setSchema(schema)
      await fill(store, [
        { id: 1, email: 'a@x', age: 5 },
        { id: 2, email: 'b@x', age: 6 },
      ])
      const again = await reopen()
      again.setSchema(schema)
      await refusedUnchanged(again, () => again.put({ id: 3, email: 'a@x' }), 'ConstraintError')
      assert.deepEqual(await ids(again, 'age>5'), [2])
    }),
  ],
  { inside: false },
)
