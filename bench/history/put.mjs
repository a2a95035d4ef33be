import { objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const bare = '`memory().put`'
const one = 'one object again and again'

/** A put with a record of what it changed, in one commit: over memory, with a log in memory. */
export default {
  title: 'put with a history',
  operations: ['put'],
  rounds: 5,
  warm: 250,
  variants: {
    [bare]: () => putting(({ memory }) => memory()),
    Holdfast: () => putting(({ memory }, history) => history(memory(), { log: memory() })),
    [one]: () => putting(({ memory }, history) => history(memory(), { log: memory() }), 1),
  },
  rows: [
    { what: 'history: put, with its record', operation: 'put', to: bare, goal: { time: 3 } },
    { what: 'history: put of one object that has 10,000 records', operation: 'put', subject: one, to: 'Holdfast' },
  ],
}

const held = 10_000
const batch = 256

async function putting(open, different = held) {
  const [index, { history }] = [await library('index.js'), await library('wrappers/history.js')]
  const given = objects(held)
  const other = open(index, history)
  meetShapes(object => other.get(other.put(object)))
  const store = open(index, history)
  for (let number = 0; number < held; number++) store.put(given[number % different])
  let next = 0
  return {
    answer: () => store.get(given[0].id).name,
    put() {
      for (let left = batch; left > 0; left--, next++) {
        const object = given[next % different]
        object.age = next
        store.put(object)
      }
      return batch
    },
  }
}
