import { batches, many, numbers, objects } from '../data/objects.mjs'
import { library } from '../library.mjs'
import { byAge } from './put.mjs'

const incremental = 'one object changed'
const recomputed = 'all 100,000 mapped and sorted'

/** One object is changed, and the first ten rows of the view are read. */
export default {
  title: 'views: after a put',
  operations: ['read'],
  variants: {
    async [incremental]() {
      const { store, all, view } = await open()
      const next = batches(numbers(many), 64)
      let round = 0
      return {
        async read() {
          const some = next()
          for (const number of some) {
            store.put({ ...all[number], age: (number + round++) % 97 })
            view()
          }
          await new Promise(resolve => setImmediate(resolve))
          return some.length
        },
      }
    },
    async [recomputed]() {
      const { store } = await open()
      return {
        read() {
          const rows = []
          for (const object of store.query())
            byAge.byAge.map(object, (key, value) => rows.push([key, object.id, value]))
          rows.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).length = 10
          return 1
        },
      }
    },
  },
  rows: [
    {
      what: 'views: change one of 10⁵ objects and read the view',
      operation: 'read',
      subject: incremental,
      to: recomputed,
      goal: { time: 0.001 },
    },
  ],
}

async function open() {
  const { memory } = await library('stores/memory.js')
  const { views } = await library('wrappers/views.js')
  const all = objects()
  const store = await views(memory({ objects: all }), byAge)
  return { store, all, view: () => store.view('byAge', { startKey: 40, limit: 10 }) }
}
