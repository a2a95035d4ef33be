import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { revisions } from '../../wrappers/revisions.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

const gate = process.env.GATE !== undefined

conforms('revisions(memory)', { open: () => revisions(memory()), offers: everything })
conforms('revisions(memory), with earlier versions', {
  open: () => revisions(memory(), { store: memory(), max: 3 }),
  offers: everything,
  ways: gate ? undefined : ['directly'],
})
conforms('revisions(sqlite)', {
  open: () => revisions(sqlite({ path: ':memory:' })),
  offers: everything,
  ways: gate ? undefined : ['directly'],
})

oracle('revisions(memory)', () => revisions(memory()), { runs: 2 })
oracle('revisions(memory), with earlier versions', () => revisions(memory(), { store: memory() }), { runs: 1 })
describe('on a disk', () => {
  const { path, clear } = folder()
  const open = () => sqlite({ path: path('data.db') })
  const both = () => revisions(open(), { store: sqlite({ path: path('data.db'), table: 'earlier' }) })
  oracle('revisions(sqlite)', () => revisions(open()), { runs: 1, clean: clear })
  oracle('revisions(sqlite), with earlier versions in the same file', both, { runs: 1, clean: clear })
})
