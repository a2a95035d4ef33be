import { transaction } from '../../../index.js'
import type { Data } from '../../../lib/store.js'
import type { TransactionLog } from '../../../lib/two-phase.js'
import { type JsonFileStore, jsonFile } from '../../../stores/json-file.js'
import { folder } from '../json-file/folder.js'

type Stores = readonly [JsonFileStore<Data>, JsonFileStore<Data>]

/** Two files for transactions over both, with a log, in a folder of the suite. */
export function lasting() {
  const { path, names } = folder()
  const log = path('log')
  const open = () => Promise.all([jsonFile({ path: path('a.json') }), jsonFile({ path: path('b.json') })])
  const close = (stores: Stores) => Promise.all(stores.map(store => store.close()))
  const objects = (stores: Stores) => stores.map(store => [...store.query()])

  /** Puts one object into each. */
  const write = (stores: Stores, id: number, options: { log: string | TransactionLog }) =>
    transaction(
      stores,
      async txs => {
        for (const tx of txs) await tx.put({ id })
      },
      options,
    )
  return { path, names, log, open, close, objects, write }
}
