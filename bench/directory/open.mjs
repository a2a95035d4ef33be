import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { many, objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'

const names = '`readdir`'

/** Opening a directory of 10⁵ files, of which none is read before it is asked for; once in each process. */
export default {
  title: 'opening a directory of 10⁵ files',
  operations: ['open'],
  waiting: ['open'],
  processes: 9,
  rounds: 1,
  warm: 0,
  slice: 0,
  async setup(folder) {
    mkdirSync(pathIn(folder))
    for (const object of objects()) {
      writeFileSync(join(pathIn(folder), `${encodeURIComponent(object.id)}.json`), JSON.stringify(object))
    }
  },
  variants: {
    async [names](folder) {
      let found
      return {
        open: () =>
          timed(1, async () => {
            found = await readdir(pathIn(folder))
          }),
        end: () => check(found.length),
      }
    },
    async Holdfast(folder) {
      const { directory } = await library('stores/directory.js')
      let store
      return {
        open: () =>
          timed(1, async () => {
            store = await directory({ path: pathIn(folder) })
          }),
        async end() {
          await store.close()
        },
      }
    },
  },
  rows: [{ what: 'directory: open 10⁵ files, lazily', operation: 'open', to: names, goal: { time: 1.5 } }],
}

const pathIn = folder => join(folder, 'open')

function check(count) {
  if (count !== many) throw new Error(`there were ${count} files`)
}
