import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { expires } from '../../wrappers/expires.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

const hour = 3_600_000

conforms('expires(memory)', { open: () => expires(memory(), { ttl: hour, every: hour }), offers: everything })
conforms('expires(sqlite)', {
  open: () => expires(sqlite({ path: ':memory:' }), { ttl: hour }),
  offers: everything,
  ways: process.env.GATE ? undefined : ['directly'],
})

oracle('expires(memory), of whose ids all had expired objects', () => afterOthers(memory()), { runs: 3 })
describe('on a disk', () => {
  const { path, clear } = folder()
  oracle('expires(sqlite)', () => afterOthers(sqlite({ path: path('data.db') })), { runs: 1, clean: clear })
})

/** Every id and every unique value is taken by an object that has expired. */
async function afterOthers(inner: Store): Promise<Store> {
  let time = 0
  const store = expires(inner, { ttl: 1, now: () => time }) as Required<Store>
  const ids = ['a', 'b', 'c', 1, 2, 30, 'x/y', '__proto__']
  for (const [u, id] of ids.entries()) await store.put({ id, u, p: 1 })
  time = 1
  return expires(inner, { ttl: hour, now: () => time })
}
