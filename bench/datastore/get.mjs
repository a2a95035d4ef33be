import { batches, numbers } from '../data/objects.mjs'
import { filled, held, keyOf, open, original } from './variants.mjs'

/** Reading from a datastore of 5,000 documents: one, and a page of the keys. */
export default {
  title: 'getItem and queryKeys of 5,000 documents',
  operations: ['get', 'page'],
  rounds: 5,
  warm: 250,
  variants: {
    [original]: async folder => reading(await filled(await open[original](folder))),
    Holdfast: async folder => reading(await filled(await open.Holdfast(folder))),
  },
  rows: [
    { what: 'datastore: getItem', operation: 'get', to: original, goal: { speed: 2 } },
    { what: 'datastore: queryKeys, 10 of 5,000', operation: 'page', to: original, goal: { speed: 5 } },
  ],
}

const nextNumbers = batches(numbers(held), 256)

function reading(datastore) {
  return {
    end: () => datastore.close(),
    answer: async () => (await datastore.getItem(keyOf(7))).name,
    async get() {
      const chosen = nextNumbers()
      let sum = 0
      for (const number of chosen) sum += (await datastore.getItem(keyOf(number))).age
      return sum > 0 ? chosen.length : 0
    },
    async page() {
      let sum = 0
      for (let start = 1; start <= 8; start++) {
        const range = { startKey: keyOf(start * 500), endKey: 'user:\uffff', limit: 10 }
        sum += (await datastore.queryKeys(range)).items.length
      }
      return sum > 0 ? 8 : 0
    },
  }
}
