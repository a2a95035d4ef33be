import { putting } from '../data/putting.mjs'
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
    [bare]: () => putting(store => store),
    revisions: () => putting(async store => (await library('wrappers/revisions.js')).revisions(store)),
    [shown]: () =>
      putting(async store => (await library('wrappers/revisions.js')).revisions(store, { property: '_rev' })),
  },
  rows: [
    { what: 'revisions: put, over memory', operation: 'put', subject: 'revisions', to: bare, goal: { time: 1.5 } },
    { what: 'revisions: put, shown', operation: 'put', subject: shown, to: bare, without: ['revisions'] },
    { what: 'revisions: get', operation: 'get', subject: 'revisions', to: bare, without: [shown] },
  ],
}
