import { batches, many, numbers, objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'

const bare = '`memory().put`'

/** Puts of changed objects, 512 in a row. */
export default {
  title: 'views: a put',
  operations: ['put', 'settled'],
  variants: {
    [bare]: () => putting(store => store),
    'with one view': () => putting((store, views) => views(store, byAge)),
  },
  rows: [
    { what: 'views: put, with one view', operation: 'put', subject: 'with one view', to: bare, goal: { time: 2 } },
    {
      what: 'views: put, and all that follows',
      operation: 'settled',
      subject: 'with one view',
      to: bare,
      goal: { time: 5 },
    },
  ],
}

export const byAge = { byAge: { map: ({ age, name }, emit) => emit(age, name) } }

async function putting(wrap) {
  const { memory } = await library('stores/memory.js')
  const { views } = await library('wrappers/views.js')
  const all = objects()
  const store = await wrap(memory({ objects: all }), views)
  const next = batches(numbers(many), 512)
  let round = 0
  const change = () => next().map(number => ({ ...all[number], age: (number + round++) % 97 }))
  const putAll = changed => {
    for (const object of changed) store.put(object)
  }
  /** Long enough for what was written to be mapped, and for the store to tell of it. */
  const settle = () => new Promise(resolve => setTimeout(resolve, 15))
  return {
    async put() {
      const changed = change()
      const measured = await timed(changed.length, () => putAll(changed))
      await settle()
      return measured
    },
    async settled() {
      const changed = change()
      return timed(changed.length, async () => {
        putAll(changed)
        await settle()
      })
    },
  }
}
