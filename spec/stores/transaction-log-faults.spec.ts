import { transaction } from '../../lib/transaction.js'
import { jsonFile } from '../../stores/json-file.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { type FileSystem, type Subject, survivesErrors, survivesPowerCuts } from '../faults/index.js'

const gate = Boolean(process.env.GATE)

/** Two JSON files whose transactions end together. */
const pair: Subject = {
  async open(fileSystem: FileSystem) {
    const log = transactionLog({ path: '/disk/log', fileSystem })
    const open = (name: string) => jsonFile({ path: `/disk/${name}.json`, fileSystem, compactAt: 400 })
    const one = await open('one')
    const two = await open('two').catch(async error => {
      await one.close()
      throw error
    })
    return { stores: [one, two], transact: work => transaction([one, two], txs => work(txs as never), { log }) }
  },
  leaves: names => names.every(name => ['one.json', 'two.json', 'log'].includes(name)),
}

describe('transactions over two JSON files', () => {
  survivesPowerCuts('together', { ...pair, states: gate ? 1_000_000 : 5000, perCut: gate ? 200 : 25 })
  survivesErrors('together', { ...pair, every: gate ? 1 : 16 })
})
