/** A store with a history that lasts, and a program that writes to it until it is killed: `lasting.ts folder kind round`. */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Store } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { sqlite } from '../../../stores/sqlite.js'
import { transactionLog } from '../../../stores/transaction-log.js'
import { type History, history } from '../../../wrappers/history.js'

/** The objects and the log in one database, or each in one of its own. */
export type Kind = 'one database' | 'two databases'

interface Counter {
  readonly id: string
  readonly n: number
}

export type Lasting = Required<Store<Counter, string>> & History<Counter, string>

export function lasting(folder: string, kind: Kind): Lasting {
  const inOne = kind === 'one database'
  const place = (table: string) => ({ path: join(folder, inOne ? 'app.db' : `${table}.db`), table })
  const objects = sqlite<Counter, string>({ ...place('objects'), durability: 'relaxed' })
  const log = sqlite({ ...place('log'), durability: 'relaxed' })
  const coordinator = inOne ? undefined : transactionLog({ path: join(folder, 'decisions') })
  return history(objects, { log, coordinator })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, kind, round] = process.argv as unknown as [string, string, string, Kind, string]
  const store = lasting(folder, kind)
  for (let n = 1; ; n++) {
    await store.put({ id: 'alone', n }, { actor: round })
    writeSync(1, `alone ${n}\n`)
    await transaction(store, async tx => {
      await tx.put({ id: 'one', n })
      await tx.put({ id: 'two', n })
      if (n % 3 === 0) await tx.delete('gone')
      else await tx.put({ id: 'gone', n })
    })
    writeSync(1, `together ${n}\n`)
    await store.undo('one')
    await store.redo('one')
    writeSync(1, `redone ${n}\n`)
  }
}
