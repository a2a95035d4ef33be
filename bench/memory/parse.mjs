import { createRequire } from 'node:module'
import { batches } from '../data/objects.mjs'
import { different, texts } from '../data/queries.mjs'
import { library } from '../library.mjs'

const rql = 'npm `rql` 0.3.3'

/** How long it takes to read a query: one that is like none before, and one of 300 that come again and again. */
export default {
  title: 'parsing queries',
  operations: ['anew', 'again'],
  rounds: 9,
  variants: {
    async Holdfast() {
      const { parse } = await library('index.js')
      return parsing(parse)
    },
    async [rql]() {
      // its modules are of a kind that only `require` reads
      const { parse } = createRequire(import.meta.url)('rql/parser')
      return parsing(parse)
    },
  },
  rows: [
    { what: 'parsing RQL of 30 to 80 characters, each text new', operation: 'anew' },
    { what: 'parsing RQL, 300 texts again and again', operation: 'again' },
  ].map(row => ({ ...row, to: rql, goal: { speed: 5 } })),
}

function parsing(parse) {
  const all = list => () => {
    let terms = 0
    for (const text of list()) terms += parse(text).args.length
    return terms > 0 ? size : 0
  }
  return {
    answer: () => texts.map(text => operators(parse(text))),
    anew: all(batches(variations, size)),
    again: all(() => variations.slice(0, size)),
  }
}

const size = 300
const variations = different(30_000)

/** How many there are, at any depth; an `and` is only how they hang together. */
function operators({ name, args = [] }) {
  return args.reduce((count, each) => count + operators(Object(each)), name === undefined || name === 'and' ? 0 : 1)
}
