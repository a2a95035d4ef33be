import { join } from 'node:path'
import Database from 'better-sqlite3'
import { transaction } from '../../../index.js'
import type { MaybePromise } from '../../../lib/store.js'
import { directory } from '../../../stores/directory.js'
import { jsonFile } from '../../../stores/json-file.js'
import { sqlite } from '../../../stores/sqlite.js'
import type { Opened } from '../subject.js'
import { naive } from './naive.js'

/** Opens stores in a folder. */
type Open = (folder: string) => MaybePromise<Opened>

const openJsonFile = (path: string) => jsonFile({ path, compactAt: 4096 })

/** What the power is cut of. */
export const kinds = {
  'json-file': async folder => ({ stores: [await openJsonFile(join(folder, 'objects.json'))] }),
  directory: async folder => ({ stores: [await directory({ path: join(folder, 'objects') })] }),
  sqlite(folder) {
    const path = join(folder, 'objects.db')
    checkDatabase(path)
    return { stores: [sqlite({ path })] }
  },
  async together(folder) {
    const stores = [
      await openJsonFile(join(folder, 'one.json')),
      await openJsonFile(join(folder, 'two.json')),
      await directory({ path: join(folder, 'three') }),
      sqlite({ path: join(folder, 'four.db') }),
    ]
    return { stores, transact: work => transaction(stores, work, { log: join(folder, 'log') }) }
  },
  naive: folder => naive(join(folder, 'objects.json')),
} satisfies Record<string, Open>

export type Kind = keyof typeof kinds

function checkDatabase(path: string): void {
  const database = new Database(path)
  const answer = database.pragma('integrity_check', { simple: true })
  database.close()
  if (answer !== 'ok') throw new Error(`SQLite finds its file damaged: ${answer}`)
}
