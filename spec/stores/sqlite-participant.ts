/**
 * A process that is killed in a transaction over three files: `sqlite-participant.ts folder last`, with the last that it does
 * not do: a commit of SQLite by its number, the decision, anything after it, or the end.
 */
import { join } from 'node:path'
import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { sqlite } from '../../stores/sqlite.js'
import { type TransactionLog, transactionLog } from '../../stores/transaction-log.js'
import { watching } from './sqlite-statements.js'

const [folder = '', last = ''] = process.argv.slice(2)
const die = () => process.kill(process.pid, 'SIGKILL')
const inner = transactionLog({ path: join(folder, 'log') })
const log = {
  async begin(options: object) {
    const decision = await inner.begin(options)
    return {
      ...decision,
      async commit() {
        if (last === 'decision') die()
        await decision.commit()
        if (last === 'decided') die()
      },
      async end(done: boolean) {
        if (last === 'end') die()
        await decision.end(done)
      },
    }
  },
}

let commits = Number.NaN
const before = (sql: string) => void (sql === 'COMMIT' && `${++commits}` === last && die())
await watching({ before }, async () => {
  const stores = [
    sqlite({ path: join(folder, 'a.db') }),
    sqlite({ path: join(folder, 'b.db') }),
    await jsonFile({ path: join(folder, 'c.json') }),
  ] as const
  const put = (id: number, log: TransactionLog) =>
    transaction(stores, async txs => Promise.all(txs.map(tx => tx.put({ id }))), { log })
  await put(0, inner)
  commits = 0
  await put(1, log)
})
