import { clone } from '../data/clone.mjs'
import { batches } from '../data/objects.mjs'
import { library } from '../library.mjs'
import { searches, texts } from './texts.mjs'

const alone = 'flexsearch, the first ten by id, without scores and snippets'
const unordered = 'flexsearch, any ten'
const peers = ['minisearch']
const wanted = 10

/** The ten best of 20,000 texts of 50 words, as objects. */
export default {
  title: 'full text, the ten best of 20,000 texts',
  operations: ['one', 'two', 'three'],
  variants: {
    [alone]: () =>
      flexsearch(limit => (index, text) => index.search(text, { limit: Infinity }).sort(byNumber).slice(0, limit)),
    [unordered]: () => flexsearch(limit => (index, text) => index.search(text, { limit })),
    async Holdfast() {
      const { memory } = await library('stores/memory.js')
      const { fullText } = await library('wrappers/full-text.js')
      const store = await fullText(memory({ objects: texts() }), { fields: ['text'] })
      const search = limit => text => Array.from(store.search(text, { limit }), ({ object }) => object)
      return searching(search(wanted), search(Infinity))
    },
    async minisearch() {
      const { default: MiniSearch } = await import('minisearch')
      const index = new MiniSearch({ fields: ['text'] })
      const objects = texts()
      index.addAll(objects)
      const search = limit => text =>
        index
          .search(text, { combineWith: 'AND' })
          .slice(0, limit)
          .map(({ id }) => clone(objects[id]))
      return searching(search(wanted), search(Infinity))
    },
  },
  rows: [
    { what: 'full text: one word', operation: 'one', to: alone, goal: { time: 1.3 }, ahead: peers },
    { what: 'full text: two words', operation: 'two', to: alone, goal: { time: 1.3 }, ahead: peers },
    { what: 'full text: three words', operation: 'three', to: alone, goal: { time: 1.3 }, ahead: peers },
  ],
}

const byNumber = (a, b) => a - b

async function flexsearch(find) {
  const { Index } = await import('flexsearch')
  const index = new Index()
  const objects = texts()
  for (const { id, text } of objects) index.add(id, text)
  const search = limit => text => find(limit)(index, text).map(id => clone(objects[id]))
  return searching(search(wanted), search(Infinity))
}

function searching(search, all) {
  const operation = words => {
    const next = batches(searches(words), 5)
    return () => {
      const batch = next()
      for (const text of batch) search(text)
      return batch.length
    }
  }
  const answer = () =>
    searches(2)
      .slice(0, 20)
      .map(text => all(text).length)
  return { answer, one: operation(1), two: operation(2), three: operation(3) }
}
