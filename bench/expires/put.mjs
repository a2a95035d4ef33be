import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const bare = '`memory()`'

/** Put and get through `expires`, whose expiries are kept in order by an index. */
export default {
  title: 'put and get of 10⁵ objects that expire',
  operations: ['put', 'get'],
  rounds: 5,
  warm: 250,
  variants: {
    [bare]: () => through(store => store),
    expires: () => through((store, expires) => expires(store, { ttl: 3_600_000 })),
  },
  rows: ['put', 'get'].map(operation => ({
    what: `expires: ${operation}, over memory`,
    operation,
    subject: 'expires',
    to: bare,
  })),
}

const nextIds = batches(numbers().map(idOf), 512)
const nextNumbers = batches(numbers(), 512)

async function through(wrap) {
  const [{ memory }, { expires }] = [await library('index.js'), await library('wrappers/expires.js')]
  const other = wrap(memory(), expires)
  meetShapes(object => other.get(other.put(object)))
  const source = objects()
  const store = wrap(memory(), expires)
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
