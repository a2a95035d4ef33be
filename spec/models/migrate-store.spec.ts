import type { Id } from '../../lib/store.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { conforms, everything } from '../conformance/index.js'
import { asStore } from './as-store.js'
import { all, type Full, type Thing } from './migrate/things.js'

const offers = everything.filter(offer => offer !== 'setSchema' && offer !== 'unique')
const definition = { version: 2, migrate: { 2: () => undefined } } as const

/** Objects of other versions, which are not to be noticed. */
function withOthers<S extends Full>(store: S): S {
  store.put({ id: 'of no version', name: 'Ada', age: 36, n: 1 })
  store.put({ id: 'earlier', name: 'Grace', age: 85, n: 2, $version: 1 })
  store.put({ id: 'later', name: 'Alan', age: 41, n: 3, $version: 3 })
  return store
}

conforms('a model with a version, over objects of others', {
  open: () => asStore(Model(withOthers(memory<Thing, Id>() as Full), definition)),
  offers,
  ways: process.env.GATE ? ['directly', 'inside'] : ['inside'],
})
if (process.env.GATE) {
  conforms('a model with a version', { open: () => asStore(Model(memory<Thing, Id>(), definition)), offers })
  conforms('a model with a version, over objects of others in sqlite', {
    async open() {
      const Versioned = Model(withOthers(sqlite<Thing, Id>({ path: ':memory:' }) as Full), definition)
      await Versioned.migrate()
      await all(Versioned)
      return asStore(Versioned)
    },
    offers,
  })
}
