import assert from 'node:assert/strict'
import type { Method } from '../../../lib/store.js'
import { all, law, needs, refused, type Subject } from '../case.js'

const calls: Partial<Record<Method, (store: Subject['store']) => unknown>> = {
  get: store => store.get('a'),
  put: store => store.put({ id: 'a' }),
  add: store => store.add({ id: 'b' }),
  delete: store => store.delete('a'),
  query: store => all(store),
  count: store => store.count(),
  subscribe: store => store.subscribe(),
  transaction: store => store.transaction(),
  setSchema: store => store.setSchema({}),
}

export const closing = law(
  'law 12: after close nothing is done',
  [
    ...Object.entries(calls).map(([method, call]) =>
      needs(method as Method, 'close')(`${method} is refused`, async ({ store }) => {
        await store.close()
        await refused(() => call(store), 'InvalidStateError')
      }),
    ),
    needs('close')('closing twice is harmless', async ({ store }) => {
      await store.close()
      await store.close()
    }),
    needs('close')('closing twice at once is harmless', async ({ store }) => {
      await Promise.all([store.close(), store.close()])
    }),
    needs(
      'put',
      'query',
      'close',
    )('a query made before gives nothing after', async ({ store }) => {
      await store.put({ id: 1 })
      const query = store.query()
      await store.close()
      await refused(async () => {
        for await (const _ of query) assert.fail('a closed store was read')
      }, 'InvalidStateError')
    }),
    needs(
      'put',
      'transaction',
      'close',
    )('an open transaction ends', async ({ store }) => {
      const tx = await store.transaction()
      await tx.put?.({ id: 1 })
      await store.close()
      await refused(() => tx.commit(), 'InvalidStateError')
      await refused(() => tx.get?.(1), 'InvalidStateError')
      await tx.abort()
    }),
    needs(
      'put',
      'transaction',
      'close',
    )('who waits for a transaction is told', async ({ store }) => {
      await store.transaction()
      const waiting = refused(() => store.put({ id: 1 }), 'InvalidStateError')
      await store.close()
      await waiting
    }),
  ],
  { inside: false },
)
