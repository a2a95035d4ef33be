import { dirname, join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { isTemporary } from '../files/durable-replace.js'
import { fileError, ifExists } from '../files/file-error.js'
import type { FileSystem } from '../files/file-system.js'
import { syncDirectory } from '../files/sync-directory.js'
import { wasCommitted } from '../transaction-log.js'
import { catalog } from './catalog.js'
import type { Folder } from './folder.js'
import { intentName, readIntent } from './intent.js'
import type { Resident } from './resident.js'
import type { Writing } from './writing.js'

/** Makes the directory if there is none. */
export async function makeDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  try {
    if (!(await ifExists(fileSystem.lstat(path)))) await fileSystem.mkdir(path)
    if (!(await fileSystem.lstat(path)).isDirectory()) {
      throw new StoreError('NotSupportedError', `${path} is not a directory`)
    }
  } catch (cause) {
    throw fileError(`${path} cannot be made`, cause)
  }
}

/** Lists the directory: what was read of it before is forgotten. */
async function list<T extends object>(folder: Folder, resident: Resident<T>): Promise<readonly string[]> {
  const { fileSystem, path, aliases, strangers } = folder
  const listed = await ifExists(fileSystem.readdir(path)).catch(cause => {
    throw fileError(`${path} cannot be read`, cause)
  })
  resident.forgetAll(() => {
    const found = catalog(listed ?? [], path)
    fill(aliases, found.aliases)
    fill(strangers, found.strangers)
    return found.names
  })
  return listed ?? []
}

function fill<K, V>(map: Map<K, V>, entries: Iterable<[K, V]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}

/** Lists a directory that this process may write to, after what was left half done in it has been finished or undone. */
export async function recover<T extends object>(
  folder: Folder,
  resident: Resident<T>,
  { settle, redo, drop }: Writing<T>,
  sync: boolean,
): Promise<void> {
  // what a killed process did may not last yet, and nobody is to read what a power cut can take back
  await settle()
  const listed = await list(folder, resident)
  // nothing is in it yet, so its own name may not last
  if (sync && listed.length === 0) await syncDirectory(folder.fileSystem, dirname(folder.path))
  await removeStrays(folder, listed)
  if (!listed.includes(intentName)) return
  const intent = await readIntent(folder)
  if (!intent) return
  const { coordinator, fates } = intent
  if (coordinator && !(await wasCommitted(folder.fileSystem, coordinator))) await drop()
  else await redo(fates)
  await list(folder, resident)
}

/** Removes the temporary files that a process left when it was killed. */
async function removeStrays({ fileSystem, path }: Folder, listed: readonly string[]): Promise<void> {
  try {
    for (const name of listed) {
      if (!isTemporary(name)) continue
      const stray = join(path, name)
      if ((await fileSystem.lstat(stray)).isFile()) await fileSystem.unlink(stray)
    }
  } catch (cause) {
    throw fileError(`${path} cannot be cleared of temporary files`, cause)
  }
}

/** Lists a directory that is only read: what is half done in it is finished in memory. */
export async function recoverInMemory<T extends object>(folder: Folder, resident: Resident<T>): Promise<void> {
  const listed = await list(folder, resident)
  const intent = listed.includes(intentName) ? await readIntent(folder) : undefined
  if (!intent) return
  const { coordinator, fates } = intent
  if (coordinator && !(await wasCommitted(folder.fileSystem, coordinator, { readonly: true }))) return
  for (const { key, object } of fates) {
    resident.pinned.add(key)
    if (object) resident.set(key, object as T)
    else resident.delete(key)
  }
}
