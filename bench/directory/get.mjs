import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getting } from '../data/getting.mjs'
import { objects } from '../data/objects.mjs'
import { meetShapes } from '../data/shapes.mjs'
import { library } from '../library.mjs'

const held = 1000
const inMemory = '`memory().get`'

/** Get by id of objects that a directory has been asked for before. */
export default {
  title: 'get of 1,000 kept objects',
  operations: ['get'],
  rounds: 5,
  warm: 250,
  variants: {
    async [inMemory]() {
      const { memory } = await library('index.js')
      const other = memory()
      meetShapes(object => other.get(other.put(object)))
      const store = memory({ objects: objects(held) })
      return getting(store, held)
    },
    async Holdfast() {
      const { directory } = await library('stores/directory.js')
      const path = mkdtempSync(join(tmpdir(), 'holdfast-'))
      const store = await directory({ path, durability: 'relaxed' })
      await Promise.all(objects(held).map(object => store.put(object)))
      return {
        ...getting(store, held),
        async end() {
          await store.close()
          rmSync(path, { recursive: true })
        },
      }
    },
  },
  rows: [{ what: 'directory: get of a kept object', operation: 'get', to: inMemory, goal: { speed: 0.8 } }],
}
