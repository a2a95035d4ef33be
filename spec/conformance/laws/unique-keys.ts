import assert from 'node:assert/strict'
import { transaction } from '../../../lib/transaction.js'
import { fill, ids, law, needs, refused, refusedUnchanged } from '../case.js'

const unique = needs('put', 'query', 'delete', 'setSchema', 'unique')
const transacted = needs('put', 'query', 'delete', 'transaction', 'setSchema', 'unique')
const schema = { properties: { email: { type: 'string', unique: true } } }

export const uniqueKeys = law(
  'unique keys',
  [
    unique('a value that is taken is refused', async ({ store }) => {
      store.setSchema(schema)
      await store.put({ id: 1, email: 'a@x' })
      await refusedUnchanged(store, () => store.put({ id: 2, email: 'a@x' }), 'ConstraintError')
    }),
    needs(
      'add',
      'query',
      'setSchema',
      'unique',
    )('by add as well', async ({ store }) => {
      store.setSchema(schema)
      await store.add({ id: 1, email: 'a@x' })
      await refusedUnchanged(store, () => store.add({ id: 2, email: 'a@x' }), 'ConstraintError')
    }),
    unique('the error names the property', async ({ store }) => {
      store.setSchema(schema)
      await store.put({ id: 1, email: 'a@x' })
      assert.match((await refused(() => store.put({ id: 2, email: 'a@x' }), 'ConstraintError')).message, /email/)
    }),
    unique('an object may keep its own value', async ({ store }) => {
      store.setSchema(schema)
      await store.put({ id: 1, email: 'a@x' })
      await store.put({ id: 1, email: 'a@x', name: 'Ada' })
      await store.put({ id: '1', email: 'a@x' })
    }),
    unique('missing and null do not count', async ({ store }) => {
      store.setSchema(schema)
      await fill(store, [{ id: 1 }, { id: 2 }, { id: 3, email: null }, { id: 4, email: null }])
      assert.deepEqual(await ids(store), [1, 2, 3, 4])
    }),
    unique('a value is free again when its object changed or went', async ({ store }) => {
      store.setSchema(schema)
      await fill(store, [
        { id: 1, email: 'a@x' },
        { id: 2, email: 'b@x' },
      ])
      await store.put({ id: 1, email: 'c@x' })
      await store.put({ id: 3, email: 'a@x' })
      await store.delete(2)
      await store.put({ id: 4, email: 'b@x' })
    }),
    unique('values of different types are different', async ({ store }) => {
      store.setSchema(schema)
      await fill(store, [
        { id: 1, email: 1 },
        { id: 2, email: '1' },
        { id: 3, email: true },
        { id: 4, email: new Date(1) },
        { id: 5, email: [1] },
        { id: 6, email: Uint8Array.of(1) },
      ])
      for (const email of [1, 1n, '1', true, new Date(1), [1], Uint8Array.of(1)]) {
        await refusedUnchanged(store, () => store.put({ id: 9, email }), 'ConstraintError')
      }
    }),
    unique('a schema that what is stored breaks is refused', async ({ store }) => {
      await fill(store, [
        { id: 1, email: 'a@x' },
        { id: 2, email: 'a@x' },
      ])
      await refused(() => store.setSchema(schema), 'ConstraintError')
      assert.deepEqual(await ids(store), [1, 2])
    }),
    unique('of 20 objects with one value put at once, one is stored', async ({ store }) => {
      store.setSchema(schema)
      const attempts = Array.from({ length: 20 }, async (_, id) => store.put({ id, email: 'a@x' }))
      const outcomes = await Promise.allSettled(attempts)
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.equal((await ids(store, 'email=a@x')).length, 1)
    }),
    transacted('inside a transaction, against its own writes', async ({ store }) => {
      store.setSchema(schema)
      await store.put({ id: 1, email: 'a@x' })
      await transaction(store, async tx => {
        await refused(() => tx.put({ id: 2, email: 'a@x' }), 'ConstraintError')
        await tx.put({ id: 1, email: 'b@x' })
        await tx.put({ id: 2, email: 'a@x' })
        await refused(() => tx.put({ id: 3, email: 'b@x' }), 'ConstraintError')
        await tx.delete(1)
        await tx.put({ id: 3, email: 'b@x' })
      })
      assert.deepEqual(await ids(store, 'sort(email)'), [2, 3])
    }),
    transacted('abort gives the values back', async ({ store }) => {
      store.setSchema(schema)
      await store.put({ id: 1, email: 'a@x' })
      const tx = await store.transaction()
      await tx.put?.({ id: 1, email: 'b@x' })
      await tx.put?.({ id: 2, email: 'c@x' })
      await tx.abort()
      await refusedUnchanged(store, () => store.put({ id: 3, email: 'a@x' }), 'ConstraintError')
      await fill(store, [
        { id: 3, email: 'b@x' },
        { id: 4, email: 'c@x' },
      ])
      assert.deepEqual(await ids(store, 'email=b@x'), [3])
    }),
  ],
  { inside: false },
)
