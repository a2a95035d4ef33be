import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type CacheOptions, cache } from '../../wrappers/cache.js'
import { conforms, everything } from '../conformance/index.js'
import { histories } from '../histories/histories.js'
import { oracle } from '../oracle/index.js'
import { folder } from '../stores/json-file/folder.js'

const all: CacheOptions & { store?: undefined } = {
  max: 100,
  maxBytes: 1e6,
  ttl: 1e9,
  negativeTtl: 1e9,
  staleWhileRevalidate: 1000,
  queries: true,
  subscribe: true,
}

conforms('cache(memory)', { open: () => cache(memory(), { max: 10 }), offers: everything })
conforms('cache(sqlite) with all options', {
  open: () => cache(sqlite({ path: ':memory:' }), all),
  offers: everything,
})
if (process.env.GATE) {
  conforms('cache(memory) with all options', { open: () => cache(memory(), all), offers: everything })
  conforms('cache(memory) in another store', {
    open: () => cache(memory(), { max: 10, store: memory() }),
    offers: everything,
  })
}

oracle('cache(memory)', () => cache(memory(), { max: 4, negativeTtl: 1000, queries: true }), { runs: 5 })
oracle('cache(memory) in another store', () => cache(memory(), { max: 4, store: memory() }), { runs: 3 })
histories('cache(memory)', { open: () => cache(memory(), { max: 3, negativeTtl: 1000, queries: true }), count: 10 })

describe('on a disk', () => {
  const { path, clear } = folder()
  oracle('cache(jsonFile)', async () => cache(await jsonFile({ path: path() }), all), { runs: 2, clean: clear })
})
