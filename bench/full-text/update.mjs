import { batches } from '../data/objects.mjs'
import { library } from '../library.mjs'
import { texts } from './texts.mjs'

const alone = 'flexsearch with `fastupdate`'

/** Another text for one of 20,000 objects. */
export default {
  title: 'full text, one of 20,000 texts is changed',
  operations: ['update'],
  variants: {
    async [alone]() {
      const { Index } = await import('flexsearch')
      const index = new Index({ fastupdate: true })
      for (const { id, text } of texts()) index.add(id, text)
      return updating(({ id, text }) => index.update(id, text))
    },
    async Holdfast() {
      const { memory } = await library('stores/memory.js')
      const { fullText } = await library('wrappers/full-text.js')
      const store = await fullText(memory({ objects: texts() }), { fields: ['text'] })
      return updating(object => store.put(object))
    },
    async minisearch() {
      const { default: MiniSearch } = await import('minisearch')
      const index = new MiniSearch({ fields: ['text'] })
      index.addAll(texts())
      return updating(object => index.replace(object))
    },
  },
  rows: [
    { what: 'full text: change one text', operation: 'update', to: alone, goal: { ms: 1 }, ahead: ['minisearch'] },
  ],
}

function updating(update) {
  const next = batches(texts(5), 20)
  return {
    update() {
      const batch = next()
      for (const object of batch) update(object)
      return batch.length
    },
  }
}
