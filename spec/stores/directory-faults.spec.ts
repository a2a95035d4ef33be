import { transaction } from '../../lib/transaction.js'
import { type DirectoryOptions, directory } from '../../stores/directory.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { type FileSystem, type Subject, survivesErrors, survivesPowerCuts } from '../faults/index.js'

const gate = Boolean(process.env.GATE)

function subject(options: Partial<DirectoryOptions> = {}): Subject {
  const path = '/disk/data'
  return {
    open: fileSystem => directory({ path, fileSystem, ...options }),
    ...(!options.shared && { openReadonly: fileSystem => directory({ path, fileSystem, readonly: true }) as never }),
  }
}

/** Two directories whose transactions end together. */
const pair: Subject = {
  async open(fileSystem: FileSystem) {
    const log = transactionLog({ path: '/disk/log', fileSystem })
    const one = await directory({ path: '/disk/one', fileSystem })
    const two = await directory({ path: '/disk/two', fileSystem, keep: 'none' }).catch(async error => {
      await one.close()
      throw error
    })
    return {
      stores: [one, two],
      transact: work => transaction([one, two], txs => work(txs as never), { log }),
    }
  },
  leaves: names => names.every(name => /^(?:\w+\.json|log)$/.test(name)),
}

describe('directory, in bad times', () => {
  survivesPowerCuts('strict', { ...subject(), states: gate ? 1_000_000 : 3500, perCut: gate ? 200 : 25 })
  survivesPowerCuts('keep none', {
    ...subject({ keep: 'none' }),
    states: gate ? 300_000 : 1000,
    perCut: gate ? 100 : 25,
  })
  survivesPowerCuts('shared', { ...subject({ shared: true }), states: gate ? 300_000 : 2000, perCut: gate ? 100 : 25 })
  survivesPowerCuts('two together', { ...pair, states: gate ? 500_000 : 500, perCut: gate ? 200 : 25 })
  survivesErrors('strict', { ...subject(), every: gate ? 1 : 24 })
  survivesErrors('keep none', { ...subject({ keep: 'none' }), every: gate ? 1 : 24 })
  survivesErrors('shared', { ...subject({ shared: true }), every: gate ? 1 : 24 })
  survivesErrors('two together', { ...pair, every: gate ? 1 : 48 })
})
