import { clone } from '../data/clone.mjs'
import { objects } from '../data/objects.mjs'
import { library } from '../library.mjs'

const loop = 'a loop over an array'
const polluted = 'Holdfast after 20 other queries'
const peers = ['lokijs', 'sift', 'mingo', 'nedb']
const uncopied = 'lokijs without copies'
const conditions = { age: { $gte: 96 }, country: 'NO' }

/** A range and an equality together over all objects, without an index; about 125 match. */
export default {
  title: 'unindexed range and equality over 10⁵ objects',
  operations: ['scan'],
  slice: 150,
  variants: {
    async [loop]() {
      const all = objects()
      return scanning(() => {
        const found = []
        for (const object of all) if (object.age >= 96 && object.country === 'NO') found.push(clone(object))
        return found
      })
    },
    async Holdfast() {
      const { memory } = await library('index.js')
      const store = memory({ objects: objects() })
      return scanning(() => [...store.query('age>=96&country=NO')])
    },
    async [polluted]() {
      const { memory } = await library('index.js')
      const store = memory({ objects: objects() })
      for (const query of others) for (let n = 0; n < 3; n++) [...store.query(query)]
      return scanning(() => [...store.query('age>=96&country=NO')])
    },
    lokijs: () => loki({ clone: true }),
    [uncopied]: () => loki({ clone: false }),
    async sift() {
      const { default: sift } = await import('sift')
      const all = objects()
      return scanning(() => all.filter(sift(conditions)))
    },
    async mingo() {
      const { Query } = await import('mingo')
      const all = objects()
      return scanning(() => new Query(conditions).find(all).all())
    },
    async nedb() {
      const { default: Datastore } = await import('@seald-io/nedb')
      const store = new Datastore({ inMemoryOnly: true })
      await store.insertAsync(objects())
      const query = () => store.findAsync(conditions)
      return { answer: async () => (await query()).length, scan: () => query().then(() => 1) }
    },
  },
  rows: [
    { what: 'memory: scan of 10⁵, range and equality', operation: 'scan', to: loop, goal: { time: 4 }, ahead: peers },
  ],
}

/** What makes the engine forget which shapes and types one query has. */
const others = [
  ...['age<20', 'age!=30', 'age=in=(20,30,40)', 'out(age,(20,30))', 'between(age,(20,22))', 'age>90&age<92'],
  ...[
    'country=NO',
    'country!=NO',
    'country>PL',
    'in(country,(NO,SE))',
    'name=First1%20Last1',
    'match(email,glob:*99@*)',
  ],
  ...['contains(tags,kelp)', 'excludes(tags,kelp)', 'address/city=city%207', '(address,zip)<11000', 'not(age>20)'],
  ...['(age=20|country=IS)', 'exists(email)&age=97', 'createdAt<2020-09-14T00:00:00.000Z&limit(10)'],
]

async function loki(options) {
  const { default: Loki } = await import('lokijs')
  const collection = new Loki('bench.db').addCollection('users', options)
  collection.insert(objects())
  return scanning(() => collection.find({ $and: [{ age: conditions.age }, { country: 'NO' }] }))
}

function scanning(query) {
  return {
    answer: () => query().length,
    scan() {
      query()
      return 1
    },
  }
}
