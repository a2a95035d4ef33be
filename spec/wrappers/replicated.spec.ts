import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { replicated } from '../../wrappers/replicated.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

conforms('replicated over memory', {
  open: () => replicated(memory(), { one: memory() }, { log: memory(), mode: 'sync' }),
  offers: everything,
})

const files = folder()

/** The primary and its log in one database: no coordinator is needed. */
function inOneDatabase() {
  const path = files.path('app.db')
  const [primary, log] = ['objects', 'log'].map(table => sqlite({ path, table, durability: 'relaxed' }))
  return replicated(primary as Store, { one: memory() }, { log: log as Store, mode: 'quorum' })
}

async function reopened(store: Store): Promise<Store> {
  await store.close?.()
  return inOneDatabase()
}

if (process.env.GATE)
  conforms('replicated over SQLite', { open: inOneDatabase, offers: everything, clean: files.clear })

oracle(
  'replicated, read from any',
  () => replicated(memory(), { one: memory(), two: memory() }, { log: memory(), mode: 'sync', read: 'any' }),
  { runs: 3 },
)
oracle('replicated over SQLite', inOneDatabase, { runs: 1, clean: files.clear, reopen: reopened })
