import { constants } from 'node:fs'
import { StoreError } from '../../lib/errors.js'
import { codeOf, fileError, ifExists } from './file-error.js'
import type { FileStat, FileSystem, OpenFile } from './file-system.js'

export interface FileContent {
  readonly bytes: Buffer
  readonly stat: FileStat
}

/**
 * Reads a regular file of at most `max` bytes, or gives `undefined` if there is none. A directory, a device, a pipe or a
 * link is refused at once: nothing here waits for the other end of a pipe. A larger file is refused before it is read.
 */
export async function readFile(fileSystem: FileSystem, path: string, max: number): Promise<FileContent | undefined> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
  try {
    const file = await ifExists(fileSystem.open(path, flags))
    if (!file) return undefined
    try {
      const stat = await file.stat()
      if (!stat.isFile()) throw notRegular(path)
      if (stat.size > max) {
        throw new StoreError('QuotaExceededError', `${path} has ${stat.size} bytes, more than the ${max} allowed`)
      }
      return { bytes: await readAll(file, stat.size), stat }
    } finally {
      await file.close()
    }
  } catch (cause) {
    // what a socket and a link answer
    if (codeOf(cause) === 'ENXIO' || codeOf(cause) === 'ELOOP') throw notRegular(path, cause)
    throw fileError(`${path} cannot be read`, cause)
  }
}

async function readAll(file: OpenFile, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  let done = 0
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, done)
    if (bytesRead === 0) return bytes.subarray(0, done)
    done += bytesRead
  }
  return bytes
}

export function notRegular(path: string, cause?: unknown): StoreError {
  return new StoreError('NotSupportedError', `${path} is not a regular file`, { cause })
}
