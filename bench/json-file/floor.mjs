import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { objects } from '../data/objects.mjs'
import { library } from '../library.mjs'

/**
 * What a lasting write costs at least: the very bytes that the store's journal gets for one put, appended by
 * `FileHandle.write`, and `datasync`; one at a time.
 */
export async function floor(folder) {
  const bytes = Buffer.alloc(await bytesOfPut(folder), 'x')
  const file = await open(join(folder, `floor-${process.pid}`), 'a')
  return {
    async append() {
      const { bytesWritten } = await file.write(bytes)
      if (bytesWritten !== bytes.length) throw new Error('not all was written')
      await file.datasync()
    },
    end: () => file.close(),
  }
}

async function bytesOfPut(folder) {
  const { jsonFile } = await library('stores/json-file.js')
  const path = join(folder, `line-${process.pid}.json`)
  const store = await jsonFile({ path })
  const [object] = objects(1)
  const size = async () => (await stat(`${path}.journal`)).size
  await store.put(object)
  const before = await size()
  await store.put(object)
  const after = await size()
  await store.close()
  return after - before
}
