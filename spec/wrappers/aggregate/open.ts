import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { directory } from '../../../stores/directory.js'
import { jsonFile } from '../../../stores/json-file.js'
import { sqlite } from '../../../stores/sqlite.js'
import { transactionLog } from '../../../stores/transaction-log.js'
import { aggregate } from '../../../wrappers/aggregate.js'

/** An aggregate of one store of each kind that lasts, in a folder. */
export async function openAggregate(folder: string) {
  mkdirSync(folder, { recursive: true })
  const parts = [
    { store: sqlite({ path: join(folder, 'a.db') }), properties: ['a'] },
    { store: await jsonFile({ path: join(folder, 'b.json'), compactAt: 1000 }) },
    { store: await directory({ path: join(folder, 'c') }), properties: ['c', 'text'] },
  ]
  return aggregate(parts, { log: transactionLog({ path: join(folder, 'log') }) })
}
