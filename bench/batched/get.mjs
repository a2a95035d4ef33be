import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { library } from '../library.mjs'

const bare = 'the store itself'
const held = 10_000
/** As many questions are under way at a time as a pool of connections usually has: the default of `pg`. */
const connections = 10
/** Milliseconds of a journey to a machine nearby. */
const journey = 1

/** 256 gets at once from a store that is a millisecond away, over ten connections. */
export default {
  title: '256 gets at once from a store that is 1 ms away',
  operations: ['get'],
  waiting: ['get'],
  together: true,
  processes: 1,
  rounds: 9,
  slice: 300,
  variants: {
    [bare]: () => far(store => store),
    batched: () => far((store, batched) => batched(store, { max: 256 })),
  },
  rows: [
    {
      what: 'batched: 256 gets at once, 1 ms away, 10 connections',
      operation: 'get',
      subject: 'batched',
      to: bare,
      goal: { speed: 3 },
    },
  ],
}

const nextIds = batches(numbers(held).map(idOf), 256)

async function far(wrap) {
  const [{ memory }, { slow }, { batched }] = [
    await library('index.js'),
    await library('wrappers/slow.js'),
    await library('wrappers/batched.js'),
  ]
  const store = wrap(slow(memory({ objects: objects(held) }), { sleep: pool() }), batched)
  return {
    answer: () => Promise.all([0, 1, held - 1].map(async number => (await store.get(idOf(number))).age)),
    async get() {
      const ids = nextIds()
      const found = await Promise.all(ids.map(id => store.get(id)))
      return found.every(each => each.age > 0) ? ids.length : 0
    },
  }
}

/** Waits for a connection, and then for the journey. */
function pool() {
  let free = connections
  const waiting = []
  return async () => {
    if (free > 0) free--
    else await new Promise(resolve => waiting.push(resolve))
    await new Promise(resolve => setTimeout(resolve, journey))
    const next = waiting.shift()
    if (next) next()
    else free++
  }
}
