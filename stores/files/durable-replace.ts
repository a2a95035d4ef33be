/**
 * Replaces a file as a whole: after a power cut at any moment the old content is there or the new, never a mixture. The
 * order is that of ALICE (Pillai et al., OSDI 2014): write beside it, sync, rename, sync the directory.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { codeOf, fileError } from './file-error.js'
import type { FileStat, FileSystem, OpenFile } from './file-system.js'
import { syncDirectory } from './sync-directory.js'
import { writeAll } from './write-all.js'

export interface StageOptions {
  /** The file whose mode and owner the new one gets. Without it, only the owner may read and write. */
  readonly like?: FileStat | undefined
  /** When it says it was written, in milliseconds since 1970. */
  readonly mtimeMs?: number | undefined
  /** Is it to lie there lasting? So it is if not said otherwise. */
  readonly sync?: boolean | undefined
  /** Makes the part of the temporary name that nobody can guess: 16 hexadecimal digits. */
  readonly random?: (() => string) | undefined
}

/** New content that lies on the disk, lasting if asked for, beside the file that it is to replace. */
export interface Staged {
  readonly stat: FileStat
  /** Puts it in the place of the file. It lasts when the directory is synced. */
  replace(): Promise<void>
  /** Removes it, if it still lies there. */
  discard(): Promise<void>
}

/**
 * Replaces a file, or makes a new one. Resolves when the new content lasts. On an error the old content is still there; but
 * on an `OutcomeUnknownError` it is the new one, of which only the very last step failed, so that it may not last.
 */
export async function durableReplace(
  fileSystem: FileSystem,
  path: string,
  chunks: Iterable<Uint8Array>,
  options?: StageOptions,
): Promise<FileStat> {
  const staged = await stage(fileSystem, path, chunks, options)
  try {
    await staged.replace()
  } catch (cause) {
    await staged.discard()
    throw fileError(`${path} cannot be replaced`, cause)
  }
  try {
    await syncDirectory(fileSystem, dirname(path))
  } catch (cause) {
    throw new StoreError('OutcomeUnknownError', `${path} was replaced, but it is not sure that this lasts`, { cause })
  }
  return staged.stat
}

/** Writes new content beside a file. On an error nothing is left of it. */
export async function stage(
  fileSystem: FileSystem,
  path: string,
  chunks: Iterable<Uint8Array>,
  { random = () => randomBytes(8).toString('hex'), ...options }: StageOptions = {},
): Promise<Staged> {
  const temporary = `${path}.${random()}${suffix}`
  // a file that cannot be removed now is removed when the store is opened
  const discard = () => fileSystem.unlink(temporary).catch(() => {})
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    const file = await fileSystem.open(temporary, flags, 0o600)
    try {
      const stat = await fill(file, chunks, options)
      return { stat, discard, replace: () => fileSystem.rename(temporary, path) }
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') await discard()
    throw fileError(`${path} cannot be written anew`, cause)
  }
}

async function fill(
  file: OpenFile,
  chunks: Iterable<Uint8Array>,
  { like, mtimeMs, sync = true }: StageOptions,
): Promise<FileStat> {
  if (like) await takeAfter(file, like)
  let length = 0
  for (const chunk of chunks) {
    await writeAll(file, chunk, length)
    length += chunk.length
  }
  if (mtimeMs !== undefined) await file.utimes(mtimeMs / 1000, mtimeMs / 1000)
  if (sync) await file.sync()
  const stat = await file.stat()
  if (stat.size !== length) {
    throw new StoreError('UnknownError', `the disk holds ${stat.size} bytes of the ${length} that were written`)
  }
  return stat
}

async function takeAfter(file: OpenFile, { mode, uid, gid }: FileStat): Promise<void> {
  const own = await file.stat()
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch(error => {
      // only root may give files away; who may write to the file may go on writing to it
      if (codeOf(error) !== 'EPERM') throw error
    })
  }
  await file.chmod(mode & 0o777)
}

const suffix = '.holdfast-tmp'

/** Is it the name of new content that was never put in its place? */
export function isTemporary(name: string): boolean {
  return name.endsWith(suffix) && /\.[\da-f]{16}\.holdfast-tmp$/.test(name)
}

/** Removes the temporary files that an earlier process left when it was killed. To be called by who holds the file alone. */
export async function removeStrays(fileSystem: FileSystem, path: string): Promise<void> {
  const directory = dirname(path)
  const start = `${basename(path)}.`
  try {
    for (const name of await fileSystem.readdir(directory)) {
      if (!name.startsWith(start) || !/^[\da-f]{16}\.holdfast-tmp$/.test(name.slice(start.length))) continue
      const stray = join(directory, name)
      if ((await fileSystem.lstat(stray)).isFile()) await fileSystem.unlink(stray)
    }
  } catch (cause) {
    throw fileError(`the directory of ${path} cannot be cleared of temporary files`, cause)
  }
}
