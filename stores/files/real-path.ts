import { basename, dirname, join, resolve } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { fileError, ifExists } from './file-error.js'
import type { FileSystem } from './file-system.js'

/**
 * The path with all symbolic links followed, once, so that a link that is changed later leads nobody astray. The file need
 * not exist, its directory must: a `NotFoundError` if it does not.
 */
export async function realPath(fileSystem: FileSystem, path: string): Promise<string> {
  const absolute = resolve(path)
  try {
    const existing = await ifExists(fileSystem.realpath(absolute))
    if (existing !== undefined) return existing
    const directory = await fileSystem.realpath(dirname(absolute))
    if (!(await ifExists(fileSystem.lstat(absolute)))) return join(directory, basename(absolute))
    // it was made just now, or is a link
    const made = await ifExists(fileSystem.realpath(absolute))
    if (made !== undefined) return made
    throw new StoreError('NotFoundError', `${absolute} is a symbolic link that leads nowhere`)
  } catch (cause) {
    throw fileError(`${absolute} cannot be found`, cause)
  }
}
