import { join } from 'node:path'
import { lasting } from '../data/lasting.mjs'
import { library } from '../library.mjs'
import { floor } from './floor.mjs'

const append = 'append + `fdatasync`, one at a time'
const { answer, source, putting } = lasting(10_000)

/** Lasting puts into a JSON file of 10,000 objects, in one process and in turns, so that all meet the same disk. */
export default {
  title: 'puts into a JSON file of 10,000 objects',
  operations: ['one', 'together'],
  waiting: ['one', 'together'],
  together: true,
  processes: 1,
  rounds: 17,
  slice: 300,
  seldom: ['lowdb (no sync)'],
  variants: {
    async [append](folder) {
      const { append, end } = await floor(folder)
      const one = async () => {
        for (let n = 0; n < 20; n++) await append()
        return 20
      }
      return { one, end, answer }
    },
    async Holdfast(folder) {
      const { jsonFile } = await library('stores/json-file.js')
      const store = await jsonFile({ path: join(folder, 'store.json') })
      const tx = await store.transaction()
      for (const object of source) tx.put(object)
      await tx.commit()
      return putting(
        object => store.put(object),
        () => store.close(),
      )
    },
    async 'nedb (no sync)'(folder) {
      const { default: Datastore } = await import('@seald-io/nedb')
      const store = new Datastore({ filename: join(folder, 'nedb.db') })
      await store.loadDatabaseAsync()
      await store.insertAsync(source.map(({ id, ...others }) => ({ _id: id, ...others })))
      return putting(({ id, ...others }) => store.updateAsync({ _id: id }, { _id: id, ...others }, { upsert: true }))
    },
    async 'lowdb (no sync)'(folder) {
      const { JSONFilePreset } = await import('lowdb/node')
      const db = await JSONFilePreset(join(folder, 'lowdb.json'), {})
      for (const object of source) db.data[object.id] = object
      return putting(object => {
        db.data[object.id] = { ...object }
        return db.write()
      })
    },
  },
  rows: [
    { what: 'json-file, strict: put, one at a time', operation: 'one', to: append, goal: { speed: 0.7 } },
    {
      what: 'json-file, strict: put, 64 at once',
      operation: 'together',
      to: append,
      toOperation: 'one',
      goal: { speed: 15 },
      ahead: ['nedb (no sync)', 'lowdb (no sync)'],
    },
  ],
}
