/** A store in one file, in the fewest words that can go wrong: right, and with each of the usual mistakes. */
import { constants } from 'node:fs'
import { StoreError } from '../../lib/errors.js'
import type { Data, Store } from '../../lib/store.js'
import { codeOf } from '../../stores/files/file-error.js'
import type { FileSystem } from '../../stores/files/file-system.js'
import { readFile } from '../../stores/files/read-file.js'
import { syncDirectory } from '../../stores/files/sync-directory.js'
import { writeAll } from '../../stores/files/write-all.js'

/** What is left out of: write beside, all of it, sync, rename, sync the directory. */
export type Mistake = 'no directory sync' | 'no file sync' | 'short writes ignored' | 'write in place'

const path = '/disk/tiny.json'
const temporary = `${path}.new`

export async function tiny(fileSystem: FileSystem, mistake?: Mistake): Promise<Store<Data, string>> {
  await fileSystem.unlink(temporary).catch(error => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
  const there = (await readFile(fileSystem, path, 2 ** 20))?.bytes.toString() ?? '[]'
  let objects = new Map((JSON.parse(there) as Data[]).map(object => [String(object.id), object]))
  let last: Promise<unknown> = Promise.resolve()
  // what is read now was perhaps renamed by a process that was killed before it could make that last
  if (mistake !== 'no directory sync') await syncDirectory(fileSystem, '/disk')

  async function write(bytes: Uint8Array): Promise<void> {
    const inPlace = mistake === 'write in place'
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC
    const file = await fileSystem.open(inPlace ? path : temporary, flags, 0o600)
    if (mistake === 'short writes ignored') await file.write(bytes, 0, bytes.length, 0)
    else await writeAll(file, bytes, 0)
    if (mistake !== 'no file sync') await file.sync()
    await file.close()
    if (!inPlace) await fileSystem.rename(temporary, path)
    if (mistake !== 'no directory sync') await syncDirectory(fileSystem, '/disk')
  }

  /** One write after the other. */
  function change(make: (next: Map<string, Data>) => void): Promise<void> {
    const done = last.then(async () => {
      const next = new Map(objects)
      make(next)
      const sorted = [...next.keys()].sort().map(id => next.get(id))
      await write(Buffer.from(JSON.stringify(sorted)))
      objects = next
    })
    last = done.catch(() => {})
    return done.catch(cause => {
      throw new StoreError('UnknownError', 'it could not be written', { cause })
    })
  }

  return {
    async put(object) {
      await change(next => next.set(String(object.id), object))
      return String(object.id)
    },
    async delete(id) {
      const isThere = objects.has(id)
      await change(next => next.delete(id))
      return isThere
    },
    query: () => [...objects.keys()].sort().map(id => ({ ...objects.get(id) })),
  }
}
