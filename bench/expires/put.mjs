import { putting } from '../data/putting.mjs'
import { library } from '../library.mjs'

const bare = '`memory()`'

/** Put and get through `expires`, whose expiries are kept in order by an index. */
export default {
  title: 'put and get of 10⁵ objects that expire',
  operations: ['put', 'get'],
  rounds: 5,
  warm: 250,
  variants: {
    [bare]: () => putting(store => store),
    expires: () => putting(async store => (await library('wrappers/expires.js')).expires(store, { ttl: 3_600_000 })),
  },
  rows: ['put', 'get'].map(operation => ({
    what: `expires: ${operation}, over memory`,
    operation,
    subject: 'expires',
    to: bare,
  })),
}
