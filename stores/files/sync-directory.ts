import { constants } from 'node:fs'
import type { FileSystem } from './file-system.js'

/** Makes the names in a directory last: those created, renamed and removed. On Windows, which has no such call, nothing. */
export async function syncDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await fileSystem.open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
