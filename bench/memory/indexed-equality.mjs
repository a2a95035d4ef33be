import { clone } from '../data/clone.mjs'
import { batches, nameOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const map = 'a `Map` index with copies'
const peers = ['lokijs', 'nedb']

/** All objects of one name, by an index. */
export default {
  title: 'indexed equality, 50 of 10⁵ objects',
  operations: ['query'],
  variants: {
    async [map]() {
      meetShapes(object => clone(clone(object)))
      const index = new Map()
      for (const object of objects()) {
        const same = index.get(object.name)
        if (same) same.push(clone(object))
        else index.set(object.name, [clone(object)])
      }
      return synchronous(name => index.get(name).map(clone))
    },
    async Holdfast() {
      const { memory } = await library('index.js')
      const other = memory()
      meetShapes(object => other.get(other.put(object)))
      const store = memory({ objects: objects(), indexes: ['name'] })
      return synchronous(name => store.query(`name=${encodeURIComponent(name)}`))
    },
    async lokijs() {
      const { default: Loki } = await import('lokijs')
      const collection = new Loki('bench.db').addCollection('users', { indices: ['name'], clone: true })
      collection.insert(objects())
      return synchronous(name => collection.find({ name }))
    },
    async nedb() {
      const { default: Datastore } = await import('@seald-io/nedb')
      const store = new Datastore({ inMemoryOnly: true })
      await store.ensureIndexAsync({ fieldName: 'name' })
      await store.insertAsync(objects())
      const query = name => store.findAsync({ name })
      return {
        answer: async () => (await query(nameOf(7))).length,
        async query() {
          const names = nextNames()
          for (const name of names) sum(await query(name))
          return names.length
        },
      }
    },
  },
  rows: [
    {
      what: 'memory: indexed equality, 50 of 10⁵',
      operation: 'query',
      to: map,
      goal: { time: 1.5 },
      ahead: peers,
    },
  ],
}

const nextNames = batches(numbers().map(nameOf), 20)

function synchronous(query) {
  return {
    answer: () => [...query(nameOf(7))].length,
    query() {
      const names = nextNames()
      for (const name of names) sum(query(name))
      return names.length
    },
  }
}

function sum(found) {
  let ages = 0
  for (const { age } of found) ages += age
  if (ages === 0) throw new Error('nothing was found')
}
