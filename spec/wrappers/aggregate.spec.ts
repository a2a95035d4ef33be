import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactionLog } from '../../stores/transaction-log.js'
import { aggregate } from '../../wrappers/aggregate.js'
import { conforms, everything } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

/** What the suite asks for most stands in both parts. */
const named = ['age', 'tags', 'n', 'value', 'email', 'q', '__proto__', 'list']

conforms('aggregate of memory and memory', {
  open: () => aggregate([{ store: memory() }, { store: memory(), properties: named }]),
  offers: everything,
})
conforms('aggregate of memory and sqlite, the id under another name', {
  open: () =>
    aggregate([
      { store: sqlite({ path: ':memory:', idProperty: 'key' }), properties: named, idProperty: 'key' },
      { store: memory() },
    ]),
  offers: everything,
})
conforms('aggregate, one part after the other', {
  open: () => aggregate([{ store: memory(), properties: named }, { store: memory() }], { atomic: false }),
  offers: everything.filter(offer => offer !== 'transaction' && offer !== 'unique'),
})

oracle(
  'aggregate of three memories',
  () =>
    aggregate([
      { store: memory(), properties: ['p', '__proto__'] },
      { store: memory(), properties: ['q'] },
      { store: memory() },
    ]),
  { runs: 3 },
)
describe('on a disk', () => {
  const { path, clear } = folder()
  const log = transactionLog({ path: path('log') })
  const files = async () =>
    aggregate(
      [
        { store: await jsonFile({ path: path('a.json') }), properties: ['p', 'q'] },
        { store: await jsonFile({ path: path('b.json') }) },
      ],
      { log },
    )
  oracle('aggregate of jsonFile and jsonFile', files, {
    runs: 1,
    async reopen(store) {
      await store.close?.()
      const again = await files()
      again.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
      return again
    },
    clean: clear,
  })
  oracle(
    'aggregate of memory and sqlite',
    () => aggregate([{ store: memory() }, { store: sqlite({ path: path('a.db') }), properties: ['p', 'u'] }]),
    { runs: 2, clean: clear },
  )
})
