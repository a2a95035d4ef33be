import { StoreError } from '../../lib/errors.js'
import type { FileSystem } from '../files/file-system.js'
import type { OpenLog } from './open-log.js'

/** A log that several have open in this process. */
export interface SharedLog {
  readonly log: OpenLog
  /** A transaction is under way. To be called when it is over. */
  decide(id: string): () => void
  /** Waits until the transaction is not under way in this process; too long, and it is an `InvalidStateError`. */
  decided(id: string): Promise<void>
  /** The last one closes it. */
  release(): Promise<void>
}

interface Entry {
  readonly opening: Promise<OpenLog>
  readonly underWay: Map<string, Promise<void>>
  users: number
  closing?: Promise<void>
}

/** What is open in this process, by disk and path. */
const all = new WeakMap<FileSystem, Map<string, Entry>>()

export interface ShareOptions {
  open(): Promise<OpenLog>
  /** How long to wait for a decision of this process, in milliseconds. */
  readonly timeout: number
}

/** Opens a log, or shares the one that is open in this process. */
export async function shareLog(
  fileSystem: FileSystem,
  path: string,
  { open, timeout }: ShareOptions,
): Promise<SharedLog> {
  const entries = all.get(fileSystem) ?? new Map<string, Entry>()
  all.set(fileSystem, entries)
  const known = entries.get(path)
  if (known?.closing) {
    await known.closing
    return shareLog(fileSystem, path, { open, timeout })
  }
  const entry: Entry = known ?? { opening: open(), underWay: new Map(), users: 0 }
  entries.set(path, entry)
  entry.users++

  async function release(): Promise<void> {
    if (--entry.users > 0) return
    entry.closing = entry.opening
      .then(log => log.close())
      .catch(() => {})
      .finally(() => entries.delete(path))
    await entry.closing
  }

  try {
    return { log: await entry.opening, decide, decided, release }
  } catch (error) {
    await release()
    throw error
  }

  function decide(id: string): () => void {
    let over = () => {}
    const ended = new Promise<void>(resolve => {
      over = resolve
    })
    entry.underWay.set(id, ended)
    return () => {
      entry.underWay.delete(id)
      over()
    }
  }

  async function decided(id: string): Promise<void> {
    const underWay = entry.underWay.get(id)
    if (!underWay) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(stillDeciding(path, id)), timeout)
    })
    await Promise.race([underWay, late]).finally(() => clearTimeout(timer))
  }
}

function stillDeciding(path: string, id: string): StoreError {
  return new StoreError(
    'InvalidStateError',
    `${path} does not say yet whether transaction ${id} is to commit: try again`,
  )
}
