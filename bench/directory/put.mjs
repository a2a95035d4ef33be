import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { batches, idOf, numbers, objects } from '../data/objects.mjs'
import { library } from '../library.mjs'

const atomic = 'write-file-atomic (no directory sync)'
const held = 1000

/** Lasting puts into a directory of 1,000 files, in one process and in turns, so that all meet the same disk. */
export default {
  title: 'puts into a directory of 1,000 files',
  operations: ['one', 'together'],
  waiting: ['one', 'together'],
  together: true,
  processes: 1,
  rounds: 17,
  slice: 300,
  variants: {
    async [atomic](folder) {
      const { default: writeFileAtomic } = await import('write-file-atomic')
      const path = join(folder, 'atomic')
      mkdirSync(path)
      return putting(object =>
        writeFileAtomic(join(path, `${encodeURIComponent(object.id)}.json`), JSON.stringify(object, null, 2)),
      )
    },
    async Holdfast(folder) {
      const { directory } = await library('stores/directory.js')
      const store = await directory({ path: join(folder, 'store') })
      return putting(
        object => store.put(object),
        () => store.close(),
      )
    },
  },
  rows: [
    { what: 'directory, strict: put, one at a time', operation: 'one', to: atomic },
    { what: 'directory, strict: put, 64 at once', operation: 'together', to: atomic, goal: { speed: 1 } },
  ],
}

const source = objects(held)
const nextNumbers = batches(numbers(held), 64)
const nextFew = batches(numbers(held, 3), 8)

function putting(put, end) {
  return {
    end,
    answer: () => idOf(7),
    async one() {
      const chosen = nextFew()
      for (const number of chosen) await put(source[number])
      return chosen.length
    },
    async together() {
      const chosen = nextNumbers()
      await Promise.all(chosen.map(number => put(source[number])))
      return chosen.length
    },
  }
}
