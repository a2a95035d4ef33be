/** A process that writes to a store until it is killed or done: `sqlite-writer.ts path mode round`. */

import { isStoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { transaction } from '../../lib/transaction.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { say } from '../say.js'

type Data = { id: string; n?: number; group?: string }

const [path, mode, round] = process.argv.slice(2) as [string, string, string]
const other = mode === 'pairs' ? sqlite<Data, string>({ path: `${path}.other`, shared: true }) : undefined
const store = sqlite<Data, string>({
  path,
  shared: true,
  indexes: ['group'],
  generateId: () => '',
})
const work: Record<string, () => Promise<void>> = { endless, increments, pairs }
await work[mode]?.()

/** One object, then five in a transaction, and so on. What is acknowledged is said at once. */
async function endless(): Promise<void> {
  for (let n = 0; ; n++) {
    const id = `${round}.${n}`
    await store.put({ id, n })
    say(`${id}`)
    await transaction(store, async tx => {
      for (let part = 0; part < 5; part++) await tx.put({ id: `${id}.${part}`, n, group: id })
    })
    say(`${id}.4`)
  }
}

/** 50 by a transaction each, 50 by comparing and swapping. */
async function increments(): Promise<void> {
  for (let left = 50; left > 0; left--) {
    await transaction(store, async tx => {
      const read = (await tx.get('sum')) as { id: string; n: number }
      await tx.put({ ...read, n: read.n + 1 })
    })
    while (!(await swapped()));
  }
  store.close()
}

/** Counts up in two files at once, and writes a line of each into both. */
async function pairs(): Promise<void> {
  if (!other) return
  const log = transactionLog({ path: `${path}.log` })
  for (let n = 0; ; n++) {
    const id = `${round}.${n}`
    await transaction(
      [store, other],
      async ([one, two]) => {
        const sums = [await one.get('sum'), await two.get('sum')]
        await one.put({ id: 'sum', n: (sums[0]?.n ?? 0) + 1 })
        await two.put({ id: 'sum', n: (sums[1]?.n ?? 0) + 1 })
        await Promise.all([one.put({ id }), two.put({ id })])
      },
      { log },
    )
    say(`${id}`)
  }
}

async function swapped(): Promise<boolean> {
  const read = store.get('sum') as { id: string; n: number }
  try {
    await store.put({ ...read, n: read.n + 1 }, { ifMatch: etag(read) })
    return true
  } catch (error) {
    if (!isStoreError(error, 'PreconditionFailedError')) throw error
    return false
  }
}
