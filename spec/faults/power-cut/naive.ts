import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { Data } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { memory } from '../../../stores/memory.js'
import type { Opened } from '../subject.js'

/** What a power cut must be seen to destroy: each write replaces the file by a new one, and nothing is ever synced. */
export function naive(path: string): Opened {
  const objects = memory<Data>()
  if (existsSync(path)) for (const object of JSON.parse(readFileSync(path, 'utf8'))) objects.put(object)
  let saved = Promise.resolve()

  function save(): Promise<void> {
    saved = saved.then(async () => {
      await writeFile(`${path}.new`, JSON.stringify([...objects.query()]))
      await rename(`${path}.new`, path)
    })
    return saved
  }

  const store = {
    async put(object: Data) {
      const id = objects.put(object)
      await save()
      return id
    },
    async delete(id: string) {
      const was = objects.delete(id)
      await save()
      return was
    },
    query: objects.query,
  }
  return {
    stores: [store],
    async transact(work) {
      await transaction(objects, async tx => work([tx]))
      await save()
    },
  }
}
