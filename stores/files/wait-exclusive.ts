import { setTimeout as pause } from 'node:timers/promises'
import { isStoreError } from '../../lib/errors.js'
import type { LockOptions } from '../../lib/lock.js'
import type { Release } from './exclusive.js'
import type { FileSystem } from './file-system.js'

/** Takes the lock of a path, and waits while another process holds it; when the time is up, the error names the holder. */
export async function waitExclusive(
  fileSystem: FileSystem,
  path: string,
  { signal, timeout = Number.POSITIVE_INFINITY }: LockOptions = {},
): Promise<Release> {
  const end = performance.now() + timeout
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await fileSystem.exclusive(path)
    } catch (error) {
      if (!isStoreError(error, 'InvalidStateError') || performance.now() >= end) throw error
    }
    // at different times for different processes, or they would meet again
    await pause(1 + Math.random() * 5)
  }
}
