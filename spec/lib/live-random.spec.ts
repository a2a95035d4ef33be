import { isStoreError } from '../../lib/errors.js'
import type { Id, Store } from '../../lib/store.js'
import { jsonFile } from '../../stores/json-file.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { cache } from '../../wrappers/cache.js'
import { expires } from '../../wrappers/expires.js'
import { history } from '../../wrappers/history.js'
import { inherited } from '../../wrappers/inherited.js'
import { folder } from '../stores/json-file/folder.js'
import { checkRandomly, type Extent } from './live/check.js'
import { randomThing, type Thing } from './live/random.js'

const { path, clear } = folder()
const extent = (rounds: number, writes = 50): Extent =>
  process.env.GATE ? { rounds: rounds * 25, writes } : { rounds, writes }

describe('live queries equal the queries asked anew', () => {
  it('over memory', () => checkRandomly(() => ({ store: memory<Thing, Id>() }), extent(40)))

  it('over sqlite', () =>
    checkRandomly(() => ({ store: sqlite<Thing, Id>({ path: ':memory:', table: 'things' }) }), extent(6)))

  it('over a JSON file', () =>
    checkRandomly(
      async () => {
        clear()
        return { store: await jsonFile<Thing, Id>({ path: path() }) }
      },
      extent(2, 30),
    ))

  it('over a cache', () => checkRandomly(() => ({ store: cache(memory<Thing, Id>(), { max: 5 }) }), extent(5)))

  it('over a history, with undo and redo', () =>
    checkRandomly(() => {
      const store = history<Store<Thing, Id>, Store, Thing, Id>(memory<Thing, Id>(), { log: memory() })
      return {
        store,
        write: async chance => {
          try {
            await (chance.chance(0.7) ? store.undo() : store.redo())
          } catch (error) {
            if (!isStoreError(error, 'PreconditionFailedError')) throw error
          }
        },
      }
    }, extent(5)))

  it('over objects that expire, once they are swept', () =>
    checkRandomly(() => {
      let time = 1000
      const store = expires(memory<Thing, Id>(), { ttl: 10, now: () => time })
      return {
        store: store as Store<Thing, Id>,
        before: () => store.sweep(),
        write: async chance => {
          time += chance.below(6)
          await store.put(randomThing(chance), { ttl: 1 + chance.below(15) })
        },
      }
    }, extent(10)))

  it('over a type, while others are written to the same store', () =>
    checkRandomly(() => {
      const inner = memory<Thing, Id>()
      const animals = inherited(inner, { type: 'animal' })
      const cats = inherited(inner, { type: 'cat', extends: 'animal' })
      const plants = inherited(inner, { type: 'plant' })
      return {
        store: animals,
        write: async chance => {
          const { id, ...thing } = randomThing(chance)
          const name = id as Id
          if (chance.chance(0.5)) await plants.put({ ...thing, id: `plant${name}` })
          else await (chance.chance(0.5) ? cats.put({ ...thing, id: `cat${name}` }) : cats.delete(`cat${name}`))
        },
      }
    }, extent(8)))
})
