import { writeFileSync } from 'node:fs'
import type { Coordinator, Transaction } from '../../lib/store.js'
import { printLine } from '../../stores/files/log-line.js'
import { type SqliteStore, sqlite } from '../../stores/sqlite.js'
import { folder } from './json-file/folder.js'

type Data = { id?: number; name?: string; n?: number }
type Stores = readonly [SqliteStore<Data>, SqliteStore<Data>]

const columns = { name: 'string', n: 'integer' } as const
export const modes = {
  documents: {},
  columns: { columns, generateId: 'database' },
} as const

/** Two tables of a file, of each mode, and a transaction over both that is prepared. */
export function twoPhase(mode: keyof typeof modes) {
  const options = modes[mode]
  const { path } = folder()
  const file = path('a.db')
  const log = path('log')
  const coordinator: Coordinator = { log, id: 'x' }

  /** Two tables of one file. */
  const open = (at = file, more: object = {}): Stores => [
    sqlite({ path: at, table: 'users', ...options, ...more }),
    sqlite({ path: at, table: 'orders', ...options, ...more }),
  ]
  const close = (stores: Stores) => {
    for (const store of stores) store.close()
  }
  const objects = (stores: Stores) => stores.map(store => [...store.query()])
  const old = [[{ id: 1, n: 1 }], [{ id: 2, n: 1 }]]
  const changed = [
    [
      { id: 1, n: 2 },
      { id: 2, name: 'new' },
    ],
    [],
  ]

  const decide = (...ids: string[]) =>
    writeFileSync(
      log,
      [{ transactions: 1 }, ...ids.map(commit => ({ commit }))].map((each, at) => printLine(at, 0, each)).join(''),
    )

  function start(more: object = {}): Stores {
    const stores = open(file, more)
    stores[0].put({ id: 1, n: 1 })
    stores[1].put({ id: 2, n: 1 })
    return stores
  }

  async function begin([users, orders]: Stores): Promise<Transaction[]> {
    const databases = new Set<object>()
    const group = {
      coordinator,
      join: (database: object) => databases.has(database) || !databases.add(database),
    }
    const txs = [await users.transaction({ group }), await orders.transaction({ group })]
    await txs[0]?.put?.({ id: 1, n: 2 })
    await txs[0]?.put?.({ n: 3 }, { id: 2 })
    await txs[1]?.delete?.(2)
    await txs[0]?.delete?.(2)
    await txs[0]?.put?.(mode === 'columns' ? { name: 'new' } : { id: 2, name: 'new' })
    return txs
  }

  async function prepare(stores: Stores): Promise<Transaction[]> {
    const txs = await begin(stores)
    for (const tx of txs) await tx.prepare?.()
    return txs
  }

  /** Leaves it in doubt. */
  async function left(): Promise<void> {
    const stores = start()
    await prepare(stores)
    close(stores)
  }
  return { path, file, log, options, open, close, objects, old, changed, decide, start, begin, prepare, left }
}
