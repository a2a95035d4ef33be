import { batches, numbers, objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'

const alone = 'nobody asks'
const again = 'asking again'
const kept = 'a live query'

/** Writes, one after the other, with the ten first of 10,000 that match known after each. */
export default {
  title: 'live: a write',
  operations: ['put'],
  variants: {
    [alone]: () => writing(() => ({ known: () => undefined })),
    [again]: () => writing(store => ({ known: () => [...store.query(query)] })),
    [kept]: () => writing((store, live) => live(store, query)),
  },
  rows: [
    {
      what: 'live: put, with the first ten of 10,000 kept up to date',
      operation: 'put',
      subject: kept,
      to: again,
      goal: { time: 0.05 },
    },
    {
      what: 'live: put, beside one that nobody looks at',
      operation: 'put',
      subject: kept,
      to: alone,
      goal: { time: 8 },
    },
  ],
}

const held = 10_000
const size = 256
const query = 'age>=0&sort(-createdAt)&limit(10)'

async function writing(ask) {
  const { memory } = await library('stores/memory.js')
  const { live } = await library('lib/live.js')
  const all = objects(held)
  const store = memory({ objects: all })
  const asked = ask(store, live)
  const next = batches(numbers(held), size)
  let shown = 0
  asked.subscribe?.(() => {
    shown += asked.current.length
  })
  let round = 0
  return {
    answer: () => asked.current ?? asked.known() ?? [...store.query(query)],
    put() {
      const changed = next().map(number => ({ ...all[number], createdAt: all[(number + ++round) % held].createdAt }))
      return timed(changed.length, async () => {
        for (const object of changed) {
          store.put(object)
          shown += asked.known?.()?.length ?? 0
          // what is told comes in this turn
          await new Promise(resolve => setImmediate(resolve))
        }
        return shown
      })
    },
  }
}
