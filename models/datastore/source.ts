/** Where documents are kept: a directory, or any store that is given. */
import { randomUUID } from 'node:crypto'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { need } from '../../lib/need.js'
import type { Id, Store } from '../../lib/store.js'
import { type DirectoryOptions, type DirectoryStore, directory, type Problem } from '../../stores/directory.js'
import { nodeFileSystem } from '../../stores/files/file-system.js'
import { realPath } from '../../stores/files/real-path.js'
import { buried } from './buried.js'
import { form, revisionProperty, type Stored } from './document.js'
import { graves } from './graves.js'
import { immediateFileSystem } from './immediate-file-system.js'

export interface DirectorySettings
  extends Pick<DirectoryOptions, 'fileSystem' | 'durability' | 'shared' | 'load' | 'keep' | 'watch'> {
  /** The directory, with a readable file for each document. It is made if it is not there; its own directory must be. */
  readonly directory: string
}

export interface Source {
  readonly store: Store<Stored, Id>
  /** The files that are not served. Reads all of them. */
  problems(): Promise<readonly Problem[]>
  /** What is left of deleted documents. */
  deleted(): Promise<readonly Stored[]>
  /** Removes that, and says of how many. */
  forget(): Promise<number>
}

export async function directorySource({ directory: path, ...options }: DirectorySettings): Promise<Source> {
  const { durability = 'strict', shared = false, keep, watch = true } = options
  const load = isLazy(options) ? 'lazy' : (options.load ?? 'all')
  const { fileSystem = load === 'all' ? immediateFileSystem({ relaxed: durability === 'relaxed' }) : nodeFileSystem } =
    options
  const files = await opened({ path, form, random, fileSystem, durability, shared, keep, watch, load })
  try {
    const real = await realPath(fileSystem, path)
    const left = await graves({ fileSystem, path: real, sync: durability === 'strict', shared })
    return {
      store: buried(files, left),
      problems: () => files.problems(),
      deleted: left.all,
      forget: left.clear,
    }
  } catch (error) {
    await files.close()
    throw error
  }
}

/** Made ahead, many at a time, which is what makes it quick. */
const random = () => randomUUID().slice(19).replace('-', '')

/** Are files read when they are first needed? So it is where they are not to stay in memory. */
export function isLazy({ load, keep }: Partial<DirectorySettings>): boolean {
  return load === 'lazy' || (load === undefined && keep !== undefined && keep !== 'all')
}

async function opened(options: DirectoryOptions): Promise<DirectoryStore<Stored>> {
  try {
    return await directory<Stored>(options)
  } catch (error) {
    if (!isStoreError(error, 'InvalidStateError') || options.shared) throw error
    throw new StoreError('InvalidStateError', `${error.message}; several may have it if each says shared: true`, {
      cause: error,
    })
  }
}

/** In a store that knows nothing of it, what is left of deleted documents lies among them. */
export function storeSource(store: Store): Source {
  need(store, 'the store of a datastore', 'get', 'put', 'delete', 'query', 'transaction', 'subscribe')
  const inner = store as Required<Store<Stored, Id>>

  async function deleted(): Promise<Stored[]> {
    const found: Stored[] = []
    for await (const stored of inner.query(`${revisionProperty}<0`)) found.push(stored)
    return found
  }

  return {
    store: inner,
    problems: async () => [],
    deleted,
    async forget() {
      const found = await deleted()
      for (const stored of found) await inner.delete(stored.id, { ifMatch: stored })
      return found.length
    },
  }
}
