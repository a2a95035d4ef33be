/** A process that writes the same to several stores, one transaction after the other, and says what was acknowledged. */

import { transaction } from '../../../lib/transaction.js'
import { transactionLog } from '../../../stores/transaction-log.js'
import { say } from '../../say.js'
import { openTogether } from './open.js'

const [folder = ''] = process.argv.slice(2)
const { stores, log } = await openTogether(folder)
const options = { log: transactionLog({ path: log }) }
const first = (await stores[0]?.get?.('n')) as { n: number } | undefined
for (let n = (first?.n ?? 0) + 1; ; n++) {
  await transaction(
    stores,
    async txs => {
      for (const tx of txs) {
        await tx.put?.({ id: 'n', n })
        await tx.put?.({ id: `n${n % 3}`, n, text: 'x'.repeat(n % 100) })
        await tx.delete?.(`n${(n + 1) % 3}`)
      }
    },
    options,
  )
  say(`${n}`)
}
