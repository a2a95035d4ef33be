import { batches, numbers } from '../data/objects.mjs'
import { documentOf, filled, keyOf, open, original } from './variants.mjs'

const held = 1000
const strict = 'Holdfast, lasting'

/**
 * Writing documents, new ones and over others, in one process and in turns, so that all meet the same disk. Where one is written
 * over another the original writes into its file, and a killed process leaves half of it; ours puts a new file in its place.
 */
export default {
  title: 'setItem into a datastore of 1,000 documents',
  operations: ['add', 'one', 'together'],
  waiting: ['add', 'one', 'together'],
  together: true,
  processes: 1,
  rounds: 17,
  slice: 300,
  variants: {
    [original]: async folder => writing(await filled(await open[original](folder), held)),
    Holdfast: async folder => writing(await filled(await open.Holdfast(folder), held)),
    [strict]: async folder => writing(await filled(await open.Holdfast(folder, {}), held)),
  },
  rows: [
    {
      what: 'datastore, relaxed: setItem of a new document (the original: 0.32 ms)',
      operation: 'add',
      to: original,
      goal: { ms: 0.32 },
    },
    { what: 'datastore, relaxed: setItem over another', operation: 'one', to: original },
    {
      what: 'datastore, strict: setItem, 64 at once (the original, unsynced: 0.32 ms)',
      operation: 'together',
      subject: strict,
      to: original,
      goal: { ms: 0.32 },
    },
  ],
}

const nextNumbers = batches(numbers(held), 64)
const nextFew = batches(numbers(held, 3), 8)
const unchecked = { checkConsistency: false }

function writing(datastore) {
  let added = 0
  return {
    end: () => datastore.close(),
    answer: async () => (await datastore.getItem(keyOf(7))).name,
    async add() {
      for (let left = 8; left > 0; left--) await datastore.setItem(`new:${added++}`, documentOf(left))
      return 8
    },
    async one() {
      const chosen = nextFew()
      for (const number of chosen) await datastore.setItem(keyOf(number), documentOf(number), unchecked)
      return chosen.length
    },
    async together() {
      const chosen = nextNumbers()
      const set = number => datastore.setItem(keyOf(number), documentOf(number), unchecked)
      await Promise.all(chosen.map(set))
      return chosen.length
    },
  }
}
