import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { timed } from '../harness/measure.mjs'
import { library } from '../library.mjs'
import { plain } from './plain.mjs'
import { documentOf, held, keyOf, original } from './variants.mjs'

/** Loading 5,000 documents from their files; once in each process. */
export default {
  title: 'loading 5,000 documents',
  operations: ['load'],
  waiting: ['load'],
  processes: 9,
  rounds: 1,
  warm: 0,
  slice: 0,
  async setup(folder) {
    mkdirSync(pathIn(folder))
    for (let number = 0; number < held; number++) {
      const name = `${encodeURIComponent(keyOf(number))}.json`
      writeFileSync(join(pathIn(folder), name), JSON.stringify({ _rev: 0, ...documentOf(number) }))
    }
  },
  variants: {
    [original]: folder => loading(async () => plain(pathIn(folder))),
    Holdfast: folder =>
      loading(async () => {
        const { Datastore } = await library('models/datastore.js')
        return new Datastore({ directory: pathIn(folder) })
      }),
  },
  rows: [{ what: 'datastore: load 5,000 files', operation: 'load', to: original, goal: { time: 0.5 } }],
}

const pathIn = folder => join(folder, 'load')

async function loading(make) {
  const datastore = await make()
  return {
    load: () => timed(1, () => datastore.load()),
    async end() {
      if (!(await datastore.getItem(keyOf(held - 1)))) throw new Error('it has not loaded')
      await datastore.close()
    },
  }
}
