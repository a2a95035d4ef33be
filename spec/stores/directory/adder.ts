/** A process that adds 1 to a counter in a shared directory, so many times: every other time by a transaction, else by `ifMatch`. */
import { isStoreError } from '../../../lib/errors.js'
import { etag } from '../../../lib/etag.js'
import { transaction } from '../../../lib/transaction.js'
import { directory } from '../../../stores/directory.js'

const [path = '', times = '0'] = process.argv.slice(2)
const store = await directory({ path, shared: true })

for (let left = Number(times); left > 0; left--) {
  if (left % 2) {
    await transaction(
      store,
      async tx => {
        const { n = 0 } = (await tx.get('counter')) ?? {}
        await tx.put({ id: 'counter', n: Number(n) + 1 })
      },
      { timeout: 30_000 },
    )
  } else while (!(await added()));
}
await store.close()

async function added(): Promise<boolean> {
  try {
    const counter = await store.get('counter')
    if (counter) await store.put({ ...counter, n: Number(counter.n) + 1 }, { ifMatch: etag(counter) })
    else await store.add({ id: 'counter', n: 1 })
    return true
  } catch (error) {
    if (isStoreError(error, 'PreconditionFailedError') || isStoreError(error, 'ConstraintError')) return false
    throw error
  }
}
