import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { slow } from '../../wrappers/slow.js'
import { writeBehind } from '../../wrappers/write-behind.js'
import { conforms, everything } from '../conformance/index.js'
import { histories } from '../histories/histories.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'
import { bareAndLate } from './transactional/bare.js'

const unfollowed = everything.filter(offer => offer !== 'subscribe')

/** Nothing is flushed but by a transaction, a unique key and the end. */
const late = () => {
  const { subscribe: _, ...inner } = memory()
  return writeBehind(inner, { every: 1e9 })
}

conforms('writeBehind over memory, where nothing is flushed by itself', {
  open: late,
  offers: unfollowed,
  ways: process.env.GATE ? undefined : ['directly', 'inside'],
})
conforms('writeBehind over memory, where all is flushed at once', {
  open: () => writeBehind(memory(), { max: 1 }),
  offers: everything,
  ways: ['directly'],
})
conforms('writeBehind over sqlite', {
  open: () => writeBehind(sqlite({ path: ':memory:' }), { max: 1 }),
  offers: everything,
  ways: ['directly'],
})
conforms('writeBehind over one that answers later', {
  open: () => {
    const { subscribe: _, setSchema: __, ...inner } = bareAndLate()
    return writeBehind(inner, { max: 3 })
  },
  offers: unfollowed.filter(offer => !['transaction', 'setSchema', 'unique'].includes(offer)),
  ways: ['directly'],
})

oracle('writeBehind', late, { runs: process.env.GATE ? 100 : 4 })
oracle('writeBehind of few', () => writeBehind(memory(), { max: 3 }), { runs: 2 })
describe('on a disk', () => {
  const { path, clear } = folder()
  const open = () => writeBehind(sqlite({ path: path('data.db') }), { max: 5 })
  oracle('writeBehind over sqlite', open, {
    runs: 2,
    operations: 100,
    async reopen(store) {
      await store.close?.()
      const opened = open()
      opened.setSchema({ properties: { p: { index: true }, u: { unique: true } } })
      return opened
    },
    clean: clear,
  })
})

const sleep = () => new Promise<void>(resolve => setImmediate(resolve))
histories('writeBehind over one that answers later', {
  open: () => writeBehind(slow(memory(), { sleep }), { max: 3 }),
  count: 3,
  gate: 100,
})
histories('writeBehind', { open: () => writeBehind(memory(), { max: 3 }), count: 3, gate: 100 })
