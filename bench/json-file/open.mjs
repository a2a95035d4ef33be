import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { many, objects } from '../data/objects.mjs'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'

const parse = '`JSON.parse(readFileSync(…))`'

/** Opening a file of 10⁵ objects, once in each process: so does a program. */
export default {
  title: 'opening a JSON file of 10⁵ objects',
  operations: ['open'],
  waiting: ['open'],
  processes: 9,
  rounds: 1,
  warm: 0,
  slice: 0,
  async setup(folder) {
    const { jsonFile } = await library('stores/json-file.js')
    const store = await jsonFile({ path: pathIn(folder) })
    const tx = await store.transaction()
    for (const object of objects()) tx.put(object)
    await tx.commit()
    await store.close()
  },
  variants: {
    async [parse](folder) {
      let parsed
      return {
        open: () =>
          timed(1, () => {
            parsed = JSON.parse(readFileSync(pathIn(folder), 'utf8'))
          }),
        end: () => check(parsed.length ?? Object.keys(parsed).length),
      }
    },
    async Holdfast(folder) {
      const { jsonFile } = await library('stores/json-file.js')
      let store
      return {
        open: () =>
          timed(1, async () => {
            store = await jsonFile({ path: pathIn(folder) })
          }),
        async end() {
          check(store.count())
          await store.close()
        },
      }
    },
  },
  rows: [{ what: 'json-file: open 10⁵ objects', operation: 'open', to: parse, goal: { time: 1.5 } }],
}

const pathIn = folder => join(folder, 'open.json')

function check(count) {
  if (count !== many) throw new Error(`there were ${count} objects`)
}
