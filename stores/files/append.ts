import { constants } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { fileError, ifExists } from './file-error.js'
import type { FileSystem, OpenFile } from './file-system.js'
import { notRegular } from './read-file.js'
import { syncDirectory } from './sync-directory.js'
import { writeAll } from './write-all.js'

export interface AppenderOptions {
  readonly fileSystem: FileSystem
  readonly path: string
  /** The good bytes of the file as it is now. What follows them is cut off before anything is appended. */
  readonly length: number
  /** The mode of the file if it has to be made. */
  readonly mode: number
}

/** A file that only grows at its end, or is emptied. One call at a time. */
export interface Appender {
  /** The good bytes: all that was appended and acknowledged. */
  readonly length: number
  /**
   * Appends all bytes or none. With `sync` it resolves when they last. On an error they are taken back, so that they will
   * not be found later either; where even that fails, it is an `OutcomeUnknownError`, and the next call tries again.
   */
  append(bytes: Uint8Array, options: { readonly sync: boolean }): Promise<void>
  /** Makes what is in the file last, and nothing else. */
  settle(): Promise<void>
  /** Makes the file empty, lasting. */
  empty(): Promise<void>
  /** Removes the file, lasting, and ends this. */
  remove(): Promise<void>
  close(): Promise<void>
}

/** Appends to a file, which is made when it is first needed. */
export function appender({ fileSystem, path, length, mode }: AppenderOptions): Appender {
  let file: OpenFile | undefined
  /** Is the file's name in the directory sure to last? */
  let named = false

  /** The file, holding the good bytes and no others. */
  async function ready(): Promise<OpenFile> {
    if (file) return file
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const opened = await fileSystem.open(path, flags, mode)
    try {
      const stat = await opened.stat()
      if (!stat.isFile()) throw notRegular(path)
      if (stat.size < length) {
        throw new StoreError('InvalidStateError', `${path} lost ${length - stat.size} bytes to somebody else`)
      }
      if (stat.size > length) await opened.truncate(length)
      // also an empty one: a process that was killed may have emptied it just now, and not for good
      await opened.sync()
    } catch (error) {
      await opened.close().catch(() => {})
      throw error
    }
    file = opened
    return file
  }

  async function drop(): Promise<void> {
    const dropped = file
    file = undefined
    await dropped?.close().catch(() => {})
  }

  async function name(): Promise<void> {
    if (named) return
    await syncDirectory(fileSystem, dirname(path))
    named = true
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      throw fileError(`${path} cannot be written`, cause)
    }
  }

  return {
    get length() {
      return length
    },
    append: (bytes, { sync }) =>
      attempt(async () => {
        const opened = await ready()
        try {
          await writeAll(opened, bytes, length)
          if (sync) await opened.datasync()
          if (sync) await name()
        } catch (cause) {
          // after a failed sync the same descriptor may report success for bytes that were dropped: take another
          await drop()
          await ready().catch(() => {
            throw unknown(path, cause)
          })
          throw cause
        }
        length += bytes.length
      }),
    settle: () =>
      attempt(async () => {
        await ready()
        await name()
      }),
    empty: () =>
      attempt(async () => {
        length = 0
        await drop()
        await ready()
      }),
    remove: () =>
      attempt(async () => {
        await drop()
        const removed = await ifExists(fileSystem.unlink(path).then(() => true))
        if (removed) await syncDirectory(fileSystem, dirname(path))
      }),
    close: drop,
  }
}

function unknown(path: string, cause: unknown): StoreError {
  const message = `${path} could not be written, and what was written not taken back`
  return new StoreError('OutcomeUnknownError', `${message}: whether it lasts is known when the store is opened again`, {
    cause,
  })
}
