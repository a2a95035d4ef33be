import { clone } from '../data/clone.mjs'
import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const map = 'a `Map` with copies'
const peers = ['lokijs', 'keyv', 'unstorage', 'nedb']

/** Get and put by id in memory. Everybody copies: what a caller does with an object must not reach the store. */
export default {
  title: 'get and put of 10⁵ objects',
  operations: ['get', 'put'],
  rounds: 5,
  warm: 250,
  variants: {
    async [map]() {
      meetShapes(object => clone(clone(object)))
      const source = objects()
      const kept = new Map(source.map(object => [object.id, clone(object)]))
      return synchronous(
        source,
        id => clone(kept.get(id)),
        object => kept.set(object.id, clone(object)),
      )
    },
    async Holdfast() {
      const { memory } = await library('index.js')
      const other = memory()
      meetShapes(object => other.get(other.put(object)))
      const source = objects()
      const store = memory({ objects: source })
      return synchronous(
        source,
        id => store.get(id),
        object => store.put(object),
      )
    },
    async lokijs() {
      const { default: Loki } = await import('lokijs')
      const source = objects()
      const collection = new Loki('bench.db').addCollection('users', { unique: ['id'], clone: true })
      collection.insert(source)
      const get = id => collection.by('id', id)
      return synchronous(source, get, object => collection.update({ ...get(object.id), ...object }))
    },
    async keyv() {
      const { default: Keyv } = await import('keyv')
      const source = objects()
      const keyv = new Keyv()
      const put = object => keyv.set(object.id, object)
      for (const object of source) await put(object)
      return asynchronous(source, id => keyv.get(id), put)
    },
    async unstorage() {
      const { createStorage } = await import('unstorage')
      const source = objects()
      const storage = createStorage()
      const put = object => storage.setItem(object.id, object)
      for (const object of source) await put(object)
      return asynchronous(source, id => storage.getItem(id), put)
    },
    async nedb() {
      const { default: Datastore } = await import('@seald-io/nedb')
      const source = objects().map(({ id, ...others }) => ({ _id: id, ...others }))
      const store = new Datastore({ inMemoryOnly: true })
      await store.insertAsync(source)
      return asynchronous(
        source,
        id => store.findOneAsync({ _id: id }),
        object => store.updateAsync({ _id: object._id }, object, { upsert: true }),
      )
    },
  },
  rows: [
    { what: 'memory: get by id, 10⁵ objects', operation: 'get', to: map, goal: { speed: 0.9 }, ahead: peers },
    { what: 'memory: put, 10⁵ objects', operation: 'put', to: map },
  ],
}

// ids are made anew, so that they are not the very strings in the store
const nextIds = batches(numbers().map(idOf), 512)
const nextNumbers = batches(numbers(), 512)

function synchronous(source, get, put) {
  return {
    answer: () => [0, 1, 99_999].map(number => get(idOf(number)).age),
    get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += get(id).age
      return sum > 0 ? ids.length : 0
    },
    put() {
      const which = nextNumbers()
      for (const number of which) put(source[number])
      return which.length
    },
  }
}

function asynchronous(source, get, put) {
  return {
    answer: () => Promise.all([0, 1, 99_999].map(async number => (await get(idOf(number))).age)),
    async get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += (await get(id)).age
      return sum > 0 ? ids.length : 0
    },
    async put() {
      const which = nextNumbers()
      for (const number of which) await put(source[number])
      return which.length
    },
  }
}
