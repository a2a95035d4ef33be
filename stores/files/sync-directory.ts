import { constants } from 'node:fs'
import { fileError } from './file-error.js'
import type { FileSystem } from './file-system.js'

/** Makes the names in a directory last: those created, renamed and removed. On Windows, which has no such call, nothing. */
export async function syncDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return
  try {
    const directory = await fileSystem.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  } catch (cause) {
    throw fileError(`the names in ${path} cannot be made to last`, cause)
  }
}
