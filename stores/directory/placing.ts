import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { type Staged, stage } from '../files/durable-replace.js'
import { ifExists } from '../files/file-error.js'
import type { FileStat } from '../files/file-system.js'
import { syncDirectory } from '../files/sync-directory.js'
import { printDocument } from './document.js'
import { nameOf } from './file-name.js'
import type { Folder } from './folder.js'
import { inParallel } from './in-parallel.js'
import type { Fate } from './intent.js'

export interface PlacingOptions {
  readonly folder: Folder
  /** Is everything to last? */
  readonly sync: boolean
  readonly random?: (() => string) | undefined
  /** The time, in milliseconds since 1970. */
  readonly clock: () => number
}

/** A file, and what is to become of it. */
export interface Step {
  readonly fate: Fate
  /** The name that the store gives it … */
  readonly name: string
  /** … and the one that it has now, if that is another. */
  readonly alias: string | undefined
  readonly before: FileStat | undefined
}

/** A file whose new content lies beside it; of one that is to go, there is none. */
export interface Ready extends Step {
  readonly staged: Staged | undefined
}

/** Puts files into the directory and takes them out. */
export interface Placing {
  /** Looks at a file as it is. */
  look(fate: Fate): Promise<Step>
  /** Writes all new contents beside their files; on an error nothing is left of them. */
  stage(steps: readonly Step[]): Promise<Ready[]>
  /** Makes one change. */
  place(ready: Ready): Promise<void>
  discard(ready: readonly Ready[]): Promise<void>
  /** Makes all changes last. */
  settle(): Promise<void>
}

export function placing({ folder, sync, random, clock }: PlacingOptions): Placing {
  const { fileSystem, path, aliases, maxFile, form } = folder

  async function staged(step: Step): Promise<Ready> {
    const { fate, name, before } = step
    if (!fate.object) return { ...step, staged: undefined }
    const mtimeMs = clock()
    const bytes = printDocument(fate.object, { name, form, mtimeMs })
    if (bytes.length > maxFile) throw tooLarge(fate, bytes.length, maxFile)
    const like = before?.isFile() ? before : undefined
    return { ...step, staged: await stage(fileSystem, join(path, name), [bytes], { like, mtimeMs, sync, random }) }
  }

  async function discard(ready: readonly Ready[]): Promise<void> {
    await inParallel(ready, async each => each.staged?.discard())
  }

  return {
    discard,
    async look(fate) {
      const name = nameOf(fate.key)
      const alias = aliases.get(name)
      return { fate, name, alias, before: await ifExists(fileSystem.lstat(folder.pathOf(name))) }
    },
    async stage(steps) {
      const done: Ready[] = []
      try {
        await inParallel(steps, async step => done.push(await staged(step)))
        return done
      } catch (error) {
        await discard(done)
        throw error
      }
    },
    async place({ name, alias, staged }) {
      await staged?.replace()
      if (!staged || alias !== undefined) await ifExists(fileSystem.unlink(join(path, alias ?? name)))
    },
    async settle() {
      if (sync) await syncDirectory(fileSystem, path)
    },
  }
}

function tooLarge({ key }: Fate, bytes: number, max: number): StoreError {
  const message = `the file would have ${bytes} bytes, more than the ${max} allowed, and could not be read again`
  return new StoreError('QuotaExceededError', message, { id: key })
}
