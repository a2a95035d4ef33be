import { createRequire } from 'node:module'
import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'
import { definition, prototype } from './definition.mjs'

const store = "the store's own `get`"
const perstore = 'npm `perstore` 0.3.3'

/** Getting an instance of a model over a store in memory. */
export default {
  title: 'get of 10⁵ instances',
  operations: ['get'],
  variants: {
    async [store]() {
      const { memory } = await library('index.js')
      meet(memory())
      const users = memory({ objects: objects() })
      return getting(id => users.get(id), greeting)
    },
    async Holdfast() {
      const [{ memory }, { Model }] = [await library('index.js'), await library('models/model.js')]
      meet(Model(memory(), { properties: {} }))
      const User = Model(memory({ objects: objects() }), { ...definition, prototype })
      return getting(id => User.get(id))
    },
    async [perstore]() {
      const require = createRequire(import.meta.url)
      const { Model } = require('perstore/model')
      const { Memory } = require('perstore/store/memory')
      const index = Object.fromEntries(objects().map(object => [object.id, object]))
      const others = Model(Memory({ index: {}, log: false }), { properties: {} })
      meetShapes(object => {
        others.put({ ...object })
        others.get(object.id)
      })
      const User = Model(Memory({ index, log: false }), { ...definition, prototype })
      return getting(id => User.get(id))
    },
  },
  rows: [
    { what: 'model: get of an instance, 10⁵ objects', to: store, goal: { speed: 0.5 }, without: [perstore] },
    { what: 'model: get beside its ancestor', to: perstore, goal: { speed: 10 }, without: [store] },
  ].map(row => ({ ...row, operation: 'get' })),
}

const nextIds = batches(numbers().map(idOf), 256)
const meet = users =>
  meetShapes(object => {
    users.put(object)
    users.get(object.id)
  })
const greeting = ({ name }) => `hello ${name}`

function getting(get, greet = user => user.greet()) {
  return {
    answer: async () => greet(await get(idOf(7))),
    get() {
      const ids = nextIds()
      for (const id of ids) if (!(get(id).age > 0)) throw new Error('not found')
      return ids.length
    },
  }
}
