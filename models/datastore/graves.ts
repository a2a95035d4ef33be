/**
 * What is left of deleted documents: their keys and revisions, each in a small file of the folder `.deleted`, so that a
 * revision never comes back and the files of documents are those of what is there. A grave is written before its document
 * goes, and counts only while no document is there: to write one too many does no harm.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Id, MaybePromise } from '../../lib/store.js'
import { nameOf } from '../../stores/directory/file-name.js'
import { inParallel } from '../../stores/directory/in-parallel.js'
import { stage } from '../../stores/files/durable-replace.js'
import { fileError, ifExists } from '../../stores/files/file-error.js'
import type { FileSystem } from '../../stores/files/file-system.js'
import { readFile } from '../../stores/files/read-file.js'
import { syncDirectory } from '../../stores/files/sync-directory.js'
import type { Stored } from './document.js'

export interface GravesOptions {
  readonly fileSystem: FileSystem
  /** The directory of the documents. */
  readonly path: string
  /** Are they to last? */
  readonly sync: boolean
  /** Do other processes write them, too? Then each is looked for on the disk. */
  readonly shared: boolean
}

export interface Graves {
  get(id: Id): MaybePromise<Stored | undefined>
  put(stored: Stored): Promise<void>
  all(): Promise<readonly Stored[]>
  /** Removes all of them, and says how many. */
  clear(): Promise<number>
}

const folderName = '.deleted'
const largest = 4096

/** Reads what is there, unless others write it, too. */
export async function graves({ fileSystem, path, sync, shared }: GravesOptions): Promise<Graves> {
  const folder = join(path, folderName)
  const held = new Map<Id, Stored>()
  let made = false

  async function read(name: string): Promise<Stored | undefined> {
    const content = await readFile(fileSystem, join(folder, name), largest)
    const stored = content && parsed(content.bytes.toString())
    return stored && nameOf(stored.id) === name ? stored : undefined
  }

  async function names(): Promise<string[]> {
    if (!(await isThere())) return []
    const listed = (await ifExists(fileSystem.readdir(folder))) ?? []
    return listed.filter(name => name.endsWith('.json'))
  }

  /** A link would lead elsewhere. */
  async function isThere(): Promise<boolean> {
    const stat = await ifExists(fileSystem.lstat(folder))
    if (!stat || stat.isDirectory()) return stat !== undefined
    throw new StoreError(
      'NotSupportedError',
      `${folder} is no directory; what is left of deleted documents is to lie there`,
    )
  }

  async function all(): Promise<Stored[]> {
    const found = await inParallel(await names(), read)
    return found.filter(stored => stored !== undefined)
  }

  async function make(): Promise<void> {
    if (made) return
    if (!(await isThere())) {
      await fileSystem.mkdir(folder)
      if (sync) await syncDirectory(fileSystem, path)
    }
    made = true
  }

  async function write(stored: Stored): Promise<void> {
    await make()
    const text = `${JSON.stringify({ key: stored.id, _rev: stored._rev })}\n`
    const staged = await stage(fileSystem, join(folder, nameOf(stored.id)), [Buffer.from(text)], { sync, random })
    try {
      await staged.replace()
    } catch (error) {
      await staged.discard()
      throw error
    }
    if (sync) await syncDirectory(fileSystem, folder)
  }

  if (!shared) for (const stored of await all()) held.set(toKey(stored.id), stored)
  return {
    get: id => (shared ? read(nameOf(id)) : held.get(toKey(id))),
    async put(stored) {
      await write(stored).catch(cause => {
        throw fileError(`that ${stored.id} is deleted cannot be written down`, cause)
      })
      if (!shared) held.set(toKey(stored.id), stored)
    },
    all,
    async clear() {
      const found = await names()
      for (const name of found) await ifExists(fileSystem.unlink(join(folder, name)))
      held.clear()
      return found.length
    },
  }
}

const random = () => randomBytes(8).toString('hex')

/** One that says nothing is as good as none. */
function parsed(text: string): Stored | undefined {
  try {
    const { key, _rev } = JSON.parse(text)
    checkId(key)
    return Number.isSafeInteger(_rev) && _rev < 0 ? { id: key, _rev } : undefined
  } catch {
    return undefined
  }
}
