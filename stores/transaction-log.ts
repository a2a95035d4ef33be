import { randomUUID } from 'node:crypto'
import type { Coordinator } from '../lib/store.js'
import type { Decision, TransactionLog } from '../lib/two-phase.js'
import { type FileSystem, nodeFileSystem } from './files/file-system.js'
import { realPath } from './files/real-path.js'
import { openLog, readLogFile } from './transaction-log/open-log.js'
import { type SharedLog, shareLog } from './transaction-log/share-log.js'

export type { Decision, TransactionLog } from '../lib/two-phase.js'

export interface TransactionLogOptions {
  /** The file, which is made when it is first needed. Its directory must be there. */
  readonly path: string
  /** What stands in for the disk. */
  readonly fileSystem?: FileSystem | undefined
  /** Makes the unpredictable part of temporary names: 16 hexadecimal digits. */
  readonly random?: (() => string) | undefined
  /** Makes the id of a transaction, never the same twice. */
  readonly generateId?: (() => string) | undefined
}

/** How long to wait for another process that has the log open, in milliseconds. */
const patience = 5000

/**
 * A file that says which transactions over several stores commit: `transaction(stores, work, { log: path })`. It costs one
 * synced line a transaction, which transactions at the same time share. Stores that were left prepared by a crash ask it when
 * they are opened next, so it must stay where it is as long as they do; in it is only what somebody may still ask for.
 */
export function transactionLog(options: TransactionLogOptions): TransactionLog {
  const { path, fileSystem = nodeFileSystem, random, generateId = randomUUID } = options
  return Object.freeze<TransactionLog>({
    async begin({ signal, timeout = patience }) {
      signal?.throwIfAborted()
      const log = await realPath(fileSystem, path)
      const shared = await shareLog(fileSystem, log, {
        open: () => openLog({ fileSystem, path: log, random, timeout }),
        timeout,
      })
      return decision(shared, { log, id: generateId() })
    },
  })
}

function decision(shared: SharedLog, coordinator: Coordinator): Decision {
  const { id } = coordinator
  const over = shared.decide(id)
  return {
    coordinator,
    commit: () => shared.log.commit(id),
    withdraw: () => shared.log.settle(),
    async end(done) {
      if (done) shared.log.forget(id)
      over()
      await shared.release()
    },
  }
}

/**
 * Was the transaction to commit? Asked by a store that a crash left prepared. Waits while it is being decided; an
 * `InvalidStateError` if another process has the log open longer than that, or if there is no log. With `readonly` it touches
 * nothing, and goes by what the log says now.
 */
export async function wasCommitted(
  fileSystem: FileSystem,
  { log: path, id }: Coordinator,
  { readonly = false }: { readonly readonly?: boolean } = {},
): Promise<boolean> {
  if (readonly) return (await readLogFile(fileSystem, path, true)).committed.has(id)
  const open = () => openLog({ fileSystem, path, timeout: patience, existing: true })
  const shared = await shareLog(fileSystem, path, { open, timeout: patience })
  try {
    await shared.decided(id)
    return shared.log.wasCommitted(id)
  } finally {
    await shared.release()
  }
}
