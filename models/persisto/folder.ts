import { dirname, resolve } from 'node:path'
import { makeDirectory } from '../../stores/directory/open.js'
import { ifExists } from '../../stores/files/file-error.js'
import { type FileSystem, nodeFileSystem } from '../../stores/files/file-system.js'
import { syncDirectory } from '../../stores/files/sync-directory.js'

/** Makes a folder, and those around it, where they are not there. It lasts: nothing in it could, otherwise. */
export async function makeFolder(path: string, fileSystem: FileSystem = nodeFileSystem): Promise<void> {
  const absolute = resolve(path)
  if (await ifExists(fileSystem.lstat(absolute))) return makeDirectory(fileSystem, absolute)
  await makeFolder(dirname(absolute), fileSystem)
  await makeDirectory(fileSystem, absolute)
  await syncDirectory(fileSystem, dirname(absolute))
}
