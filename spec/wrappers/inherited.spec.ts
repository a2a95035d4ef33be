import type { Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { inherited } from '../../wrappers/inherited.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

/** A type with others above and below it, which have no objects. */
function between(inner: Store): Store {
  inherited(inner, { type: 'dog', extends: ['animal', 'pet'] })
  inherited(inner, { type: 'stone' })
  return inherited(inner, { type: 'animal', extends: 'thing' })
}

conforms('inherited(memory), a type without sub-types', {
  open: () => inherited(memory(), { type: 'dog', extends: 'animal' }),
  offers: everything,
})
conforms('inherited(sqlite), a type with sub-types', {
  open: () => between(sqlite({ path: ':memory:' })),
  offers: everything,
})
if (process.env.GATE) {
  conforms('inherited(memory), a type with sub-types', { open: () => between(memory()), offers: everything })
  conforms('inherited(sqlite), a type without sub-types', {
    open: () => inherited(sqlite({ path: ':memory:' }), { type: 'dog' }),
    offers: everything,
  })
}

oracle('inherited(memory)', () => between(memory()), { runs: 3 })
describe('on a disk', () => {
  const { path, clear } = folder()
  oracle('inherited(sqlite)', () => between(sqlite({ path: path('data.db') })), { runs: 2, clean: clear })
})
