import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { objectOf, persistoWith } from './objects.mjs'

const atomic = 'write-file-atomic (no directory sync)'
const few = 'Holdfast, 1,000 objects there'
const many = 'Holdfast'

/** Lasting creations of objects of 1 KB with a unique index, 64 at once, in one process and in turns: all meet the same disk. */
export default {
  title: 'create, 64 at once',
  operations: ['create'],
  waiting: ['create'],
  together: true,
  processes: 1,
  rounds: 15,
  slice: 300,
  variants: {
    async [atomic](folder) {
      const { default: writeFileAtomic } = await import('write-file-atomic')
      const path = join(folder, 'atomic')
      mkdirSync(path)
      return creating(number =>
        writeFileAtomic(join(path, `${number}.json`), JSON.stringify(objectOf(number), null, 2)),
      )
    },
    async [few](folder) {
      return holdfast(join(folder, 'few'), 1000)
    },
    async [many](folder) {
      return holdfast(join(folder, 'many'), 20_000)
    },
  },
  rows: [
    {
      what: 'persisto: create on a directory, lasting, 64 at once, 1 KB, 20,000 there (the original, unsynced: 0.29 to 0.56 ms)',
      operation: 'create',
      goal: { ms: 0.56 },
    },
    { what: 'persisto: create beside 20,000 objects', operation: 'create', to: few, goal: { time: 1.2 } },
    { what: 'persisto: create, 64 at once', operation: 'create', to: atomic },
  ],
}

async function holdfast(path, count) {
  const db = await persistoWith(count, path)
  return creating(
    number => db.createUser(objectOf(number)),
    () => db.shutDown(),
  )
}

function creating(create, end) {
  let next = 100_000
  return {
    end,
    answer: () => 'created',
    async create() {
      await Promise.all(Array.from({ length: 64 }, () => create(next++)))
      return 64
    },
  }
}
