import { join } from 'node:path'
import { idOf, persistoWith } from './objects.mjs'

/** Objects of 1 KB, among 10,000 in a directory. */
export default {
  title: 'get and select among 10,000 objects',
  operations: ['get', 'byIndex', 'indexed', 'unindexed', 'sorted'],
  processes: 1,
  rounds: 9,
  warm: 500,
  variants: { Holdfast: folder => asking(folder) },
  rows: [
    { what: 'persisto: get by id, 1 KB (the original: 6 to 9 µs)', operation: 'get', goal: { ms: 0.002 } },
    { what: 'persisto: get by a unique index (the original: 5 to 10 µs)', operation: 'byIndex' },
    {
      what: 'persisto: select by an index, 50 of 10,000 (the original: 135 ms)',
      operation: 'indexed',
      goal: { ms: 2.7 },
    },
    {
      what: 'persisto: select without, 100 of 10,000 (the original: 135 ms)',
      operation: 'unindexed',
      goal: { ms: 13.5 },
    },
    { what: 'persisto: select, a page sorted by two fields, of 10,000 (the original: 200 ms)', operation: 'sorted' },
  ],
}

const count = 10_000

async function asking(folder) {
  const db = await persistoWith(count, join(folder, 'data'))
  await db.select('user', {})
  let asked = 0
  const number = () => 1 + ((asked++ * 7919) % count)
  const found = async (filter, expected, options) => {
    const { objects } = await db.select('user', filter, options)
    if (objects.length !== expected) throw new Error(`${objects.length} were found, not ${expected}`)
  }
  return {
    end: () => db.shutDown(),
    answer: async () => (await db.getUser(idOf(7))).email,
    async get() {
      for (let left = 1000; left > 0; left--) await db.getUser(idOf(number()))
      return 1000
    },
    async byIndex() {
      for (let left = 200; left > 0; left--) await db.getUserByEmail(`person.${number()}@example.com`)
      return 200
    },
    async indexed() {
      for (let left = 10; left > 0; left--) await found({ country: `country ${number() % 200}` }, 50)
      return 10
    },
    async unindexed() {
      for (let left = 4; left > 0; left--) await found({ name: `name ${number() % 100}` }, 100)
      return 4
    },
    async sorted() {
      const options = { sortBy: ['age', 'name'], start: 100, pageSize: 20 }
      for (let left = 2; left > 0; left--) await found({ age: { $lt: 60 } }, 20, options)
      return 2
    },
  }
}
