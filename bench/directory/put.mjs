import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { lasting } from '../data/lasting.mjs'
import { library } from '../library.mjs'

const atomic = 'write-file-atomic (no directory sync)'
const { putting } = lasting(1000)

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
