import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { transactional } from '../../wrappers/transactional.js'
import { conforms, everything } from '../conformance/index.js'
import { histories } from '../histories/histories.js'
import { oracle } from '../oracle/index.js'
import { bare, bareAndLate } from './transactional/bare.js'

conforms('transactional over a store without transactions', {
  open: () => transactional(bare()),
  offers: everything,
  ways: ['directly', 'inside'],
})
conforms('transactional over sqlite without transactions', {
  open: () => transactional(bare(sqlite({ path: ':memory:' }))),
  offers: everything,
  ways: ['directly'],
})
conforms('transactional over one that answers later', {
  open: () => transactional(bareAndLate()),
  offers: everything,
  ways: process.env.GATE ? undefined : ['inside'],
})
conforms('transactional over one with transactions', {
  open: () => transactional(memory()),
  offers: everything,
  ways: ['directly'],
})

oracle('transactional', () => transactional(bare()), { runs: 5 })
oracle('transactional over sqlite', () => transactional(bare(sqlite({ path: ':memory:' }))), { runs: 2 })
oracle('transactional over one that answers later', () => transactional(bareAndLate()), { runs: 2, operations: 100 })

histories('transactional', { open: () => transactional(bare()), count: 5, gate: 100 })
histories('transactional over one that answers later', {
  open: () => transactional(bareAndLate()),
  count: 5,
  gate: 100,
})
