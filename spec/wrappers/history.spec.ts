import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { history } from '../../wrappers/history.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

const offers = [...everything, 'since'] as const

conforms('history over memory', { open: () => history(memory(), { log: memory() }), offers })

const files = folder()

/** The objects and their history in one database: no coordinator is needed. */
function inOneDatabase(): Store {
  const path = files.path('app.db')
  const [objects, log] = ['objects', 'log'].map(table => sqlite({ path, table, durability: 'relaxed' }))
  return history(objects as Store, { log: log as Store }) as Store
}

async function reopened(store: Store): Promise<Store> {
  await store.close?.()
  return inOneDatabase()
}

if (process.env.GATE)
  conforms('history over SQLite', {
    open: inOneDatabase,
    reopen: inOneDatabase,
    offers: [...offers, 'lasting'],
    clean: files.clear,
  })

oracle('history over memory', () => history(memory(), { log: memory() }), { runs: 3 })
oracle('history over memory, bounded', () => history(memory(), { log: memory(), max: 3 }), { runs: 1 })
oracle('history over SQLite', inOneDatabase, { runs: 1, clean: files.clear, reopen: reopened })
