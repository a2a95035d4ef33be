import { clone } from '../data/clone.mjs'
import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const lru = '`lru-cache` with copies'
const timed = 'Holdfast with a ttl'
const held = 10_000

/** Getting what is in the cache. Everybody copies: what a caller does with an object must not reach the cache. */
export default {
  title: 'hits of 10,000 cached objects',
  operations: ['get'],
  rounds: 5,
  warm: 250,
  variants: {
    async [lru]() {
      const { LRUCache } = await import('lru-cache')
      const other = new LRUCache({ max: 100 })
      meetShapes(object => clone(other.set(object.id, clone(object)).get(object.id)))
      const cached = new LRUCache({ max: held })
      for (const object of objects(held)) cached.set(object.id, clone(object))
      return synchronous(id => clone(cached.get(id)))
    },
    Holdfast: () => caching({ max: held }),
    [timed]: () => caching({ max: held, ttl: 3_600_000 }),
    async cacheable() {
      const { Cacheable } = await import('cacheable')
      const cached = new Cacheable()
      for (const object of objects(held)) await cached.set(object.id, object)
      return asynchronous(id => cached.get(id))
    },
    async keyv() {
      const { default: Keyv } = await import('keyv')
      const keyv = new Keyv()
      for (const object of objects(held)) await keyv.set(object.id, object, 3_600_000)
      return asynchronous(id => keyv.get(id))
    },
  },
  rows: [
    { what: 'cache: hit', to: lru, goal: { speed: 0.7 }, ahead: ['cacheable', 'keyv'], without: [timed] },
    { what: 'cache: hit, with a ttl', subject: timed, to: lru, without: ['Holdfast', 'cacheable', 'keyv'] },
  ].map(row => ({ ...row, operation: 'get' })),
}

const nextIds = batches(numbers(held).map(idOf), 512)

async function caching(options) {
  const [{ memory }, { cache }] = [await library('index.js'), await library('wrappers/cache.js')]
  const other = cache(memory(), { ...options, max: 100 })
  meetShapes(object => {
    other.put(object)
    other.get(object.id)
    other.get(object.id)
  })
  const store = cache(memory({ objects: objects(held) }), options)
  for (let number = 0; number < held; number++) store.get(idOf(number))
  return synchronous(id => store.get(id))
}

function synchronous(get) {
  return {
    answer: () => [0, 1, held - 1].map(number => get(idOf(number)).age),
    get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += get(id).age
      return sum > 0 ? ids.length : 0
    },
  }
}

function asynchronous(get) {
  return {
    answer: () => Promise.all([0, 1, held - 1].map(async number => (await get(idOf(number))).age)),
    async get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += (await get(id)).age
      return sum > 0 ? ids.length : 0
    },
  }
}
