import type { Id, MaybePromise } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import { Absent } from '../table/absent.js'
import type { Bring } from '../table/store.js'
import { nameOf } from './file-name.js'
import { type Folder, isFault } from './folder.js'
import { inParallel } from './in-parallel.js'
import type { Resident } from './resident.js'

export interface LoadingOptions<T extends object> {
  readonly folder: Folder
  readonly resident: Resident<T>
  /** Finishes what a failed write left, before anything is read. */
  settled(): MaybePromise<void>
}

/** Reads files into the table. */
export interface Loading {
  readonly bring: Bring
  load(keys: Absent['keys'], signal?: AbortSignal): Promise<void>
  /** To be called when there may be more in memory than is to stay. */
  relax(): void
}

export function loading<T extends object>({ folder, resident, settled }: LoadingOptions<T>): Loading {
  /** What is being read: two who need the same file read it once. */
  const reads = new Map<string, { readonly mark: number; readonly done: Promise<void> }>()
  /** Who waits for many objects. Until he has them, none is let go. */
  let collecting = 0
  let relaxing = false

  async function read(name: string, mark: number): Promise<void> {
    try {
      const found = await folder.read<T>(name)
      if (found) resident.admit(name, mark, found.key, found.object, found.stat)
      else resident.missing(name, mark)
    } catch (error) {
      if (!isFault(error)) throw error
      resident.blame(name, mark, error)
    }
  }

  function readOnce(name: string): Promise<void> {
    const mark = resident.unread.get(name)
    if (mark === undefined) return Promise.resolve()
    const known = reads.get(name)
    if (known?.mark === mark) return known.done
    const done = read(name, mark).finally(() => {
      if (reads.get(name)?.mark === mark) reads.delete(name)
    })
    reads.set(name, { mark, done })
    return done
  }

  async function load(keys: Absent['keys'], signal?: AbortSignal): Promise<void> {
    await settled()
    const names = keys === 'all' ? [...resident.unread.keys()] : (keys as readonly Id[]).map(nameOf)
    await inParallel(names, name => {
      signal?.throwIfAborted()
      return readOnce(name)
    })
  }

  function attempt<R>(first: () => MaybePromise<R>, work: () => MaybePromise<R>): MaybePromise<R> {
    return settle(first, same, error => {
      if (error instanceof Absent) return later(error.keys, work)
      throw error
    })
  }

  async function later<R>(keys: Absent['keys'], work: () => MaybePromise<R>): Promise<R> {
    const many = keys.length > 1 ? 1 : 0
    collecting += many
    try {
      await load(keys)
      return attempt(() => resident.asked(work), work)
    } finally {
      collecting -= many
      relax()
    }
  }

  function relax(): void {
    if (relaxing || !resident.bounded) return
    relaxing = true
    // who has just read something uses it first
    setImmediate(() => {
      relaxing = false
      if (collecting === 0) resident.evict()
    })
  }

  return { bring: work => attempt(work, work), load, relax }
}

const same = <R>(result: R) => result
