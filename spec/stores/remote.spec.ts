import { memory } from '../../stores/memory.js'
import { remote } from '../../stores/remote.js'
import { history } from '../../wrappers/history.js'
import { conforms, type Offer } from '../conformance/index.js'
import { oracle } from '../oracle/index.js'
import { offered, runner } from './remote/exceptions.js'
import { serving, url } from './remote/serving.js'
import { uniqueAhead } from './remote/unique-ahead.js'

const sampled = !process.env.GATE
const ways = sampled ? (['directly', 'inside'] as const) : undefined
const offers: readonly Offer[] = [...offered, 'since']

conforms('remote', { open: () => remote(url, { fetch: serving() }), offers: offered, ways }, runner())
if (!sampled) {
  const kept = () => history(memory(), { log: memory() })
  conforms('remote, of a history', { open: () => remote(url, { fetch: serving(kept()) }), offers, ways }, runner())
}
oracle(
  'remote',
  () => uniqueAhead(remote(url, { fetch: serving(memory(), { properties: { u: { unique: true } } }) })),
  sampled ? { runs: 2, operations: 40 } : {},
)
