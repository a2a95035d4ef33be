import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const bare = '`memory()`'
const shown = 'revisions that are shown'

/** Put through `revisions`, which looks before it writes: a get, a comparison and one property more. */
export default {
  title: 'put of 10⁵ objects with revisions',
  operations: ['put', 'get'],
  rounds: 5,
  warm: 250,
  variants: {
    [bare]: () => through(store => store),
    revisions: () => through((store, revisions) => revisions(store)),
    [shown]: () => through((store, revisions) => revisions(store, { property: '_rev' })),
  },
  rows: [
    { what: 'revisions: put, over memory', operation: 'put', subject: 'revisions', to: bare, goal: { time: 1.5 } },
    { what: 'revisions: put, shown', operation: 'put', subject: shown, to: bare, without: ['revisions'] },
    { what: 'revisions: get', operation: 'get', subject: 'revisions', to: bare, without: [shown] },
  ],
}

const nextIds = batches(numbers().map(idOf), 512)
const nextNumbers = batches(numbers(), 512)

async function through(wrap) {
  const [{ memory }, { revisions }] = [await library('index.js'), await library('wrappers/revisions.js')]
  const other = wrap(memory(), revisions)
  meetShapes(object => other.get(other.put(object)))
  const source = objects()
  const store = wrap(memory(), revisions)
  for (const object of source) store.put(object)
  return {
    answer: () => [0, 1, 99_999].map(number => store.get(idOf(number)).age),
    put() {
      const which = nextNumbers()
      for (const number of which) store.put(source[number])
      return which.length
    },
    get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += store.get(id).age
      return sum > 0 ? ids.length : 0
    },
  }
}
