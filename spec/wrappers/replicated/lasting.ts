/** A replicated store that lasts, and a program that writes to it until it is killed: `lasting.ts folder kind round`. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Store } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { jsonFile } from '../../../stores/json-file.js'
import { sqlite } from '../../../stores/sqlite.js'
import { transactionLog } from '../../../stores/transaction-log.js'
import { replicated } from '../../../wrappers/replicated.js'
import { say } from '../../say.js'

/** The primary and the log in one database, or each in a file of its own. */
export type Kind = 'one database' | 'two files'

export async function lasting(folder: string, kind: Kind) {
  const path = (name: string) => join(folder, name)
  const durability = 'relaxed'
  const inOne = kind === 'one database'
  const open = (name: string): Store | Promise<Store> =>
    inOne
      ? (sqlite({ path: path('app.db'), table: name, durability }) as Store)
      : (jsonFile({ path: path(`${name}.json`), durability }) as Promise<Store>)
  const primary = (await open('objects')) as Required<Store>
  const log = await open('log')
  const far = sqlite({ path: path('far.db'), durability })
  const coordinator = inOne ? undefined : transactionLog({ path: path('decisions') })
  return { far, primary, store: replicated(primary, { far: far as Store }, { log, coordinator }) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, kind, round] = process.argv as unknown as [string, string, string, Kind, string]
  const { store } = await lasting(folder, kind)
  for (let n = 0; ; n++) {
    const id = `${round}.${n}`
    await store.put({ id })
    say(`${id}`)
    await transaction(store, async tx => {
      await tx.put({ id: `${id}.one`, n })
      await tx.put({ id: `${id}.two`, n })
      await tx.delete(id)
    })
    say(`${id}.two`)
  }
}
