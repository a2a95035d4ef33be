import { dirname } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { stage } from '../files/durable-replace.js'
import { fileError, ifExists } from '../files/file-error.js'
import { type FileStat, type FileSystem, isUntouched } from '../files/file-system.js'
import { sealing } from '../files/seal.js'
import { syncDirectory } from '../files/sync-directory.js'
import { fingerprinting } from './fingerprint.js'
import type { Journal } from './journal.js'
import { printPlain } from './plain.js'

export interface CompactionOptions {
  readonly fileSystem: FileSystem
  readonly path: string
  readonly journal: Journal
  /** The file as it was read; `undefined` if there was none. */
  readonly stat: FileStat | undefined
  /** All objects, in the order of their ids. */
  objects(): Iterable<object>
  readonly random?: (() => string) | undefined
  readonly clock?: (() => number) | undefined
}

/** Brings the file up to date. */
export interface Compaction {
  /** The bytes of the file. */
  readonly size: number
  /**
   * Writes all objects anew and empties the journal. On an error the file is whole, old or new, and the journal still has
   * what the file has not. If somebody else changed the file it is an `InvalidStateError`, and his file stays.
   */
  run(): Promise<void>
}

/**
 * A crash between any two steps is harmless. Until the rename lasts, the journal is complete for the old file; from the
 * rename on it is still there, and it knows the new file by its note. To replay it over the new file changes nothing: each
 * line says what the objects became, not how they changed, and the last line about an object is what the file has already.
 */
export function compaction({ fileSystem, path, journal, stat, objects, ...options }: CompactionOptions): Compaction {
  const { random, clock = Date.now } = options
  /** The file as we left it: more than one, if nobody can say whether it was replaced. */
  let ours: (FileStat | undefined)[] = [stat]

  async function current(): Promise<FileStat | undefined> {
    const now = await ifExists(fileSystem.lstat(path))
    if (ours.some(each => isUntouched(each, now))) return now
    throw new StoreError('InvalidStateError', editedMeanwhile(path, journal.sets))
  }

  async function run(): Promise<void> {
    const mtimeMs = clock()
    const content = fingerprinting(sealing(printPlain(objects()), mtimeMs))
    const staged = await stage(fileSystem, path, content, { like: await current(), mtimeMs, random })
    try {
      await journal.note(content.print)
      await current()
      ours.push(staged.stat)
      await staged.replace()
      await syncDirectory(fileSystem, dirname(path))
    } catch (error) {
      await staged.discard()
      throw error
    }
    ours = [staged.stat]
    await journal.begin(content.print)
  }

  return {
    get size() {
      return ours.at(-1)?.size ?? 0
    },
    async run() {
      try {
        await run()
      } catch (cause) {
        throw fileError(`${path} cannot be brought up to date`, cause)
      }
    },
  }
}

function editedMeanwhile(path: string, sets: number): string {
  return (
    `${path} was changed by somebody else while it was open, and is left as it is. ${sets} acknowledged change sets that ` +
    'it does not hold are safe in its journal: recover({ path, to }) writes both into a new file'
  )
}
