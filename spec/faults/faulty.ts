import { constants } from 'node:fs'
import type { FileSystem, OpenFile } from '../../stores/files/file-system.js'
import { type Call, errno } from './call.js'

/**
 * What goes wrong with a call: an error of this code and no effect. Or, with a write, without an error: `'short'`, it takes
 * half of its bytes; `'one'`, one of them; `'none'`, none; `'full'`, half, and the next write finds the disk full.
 */
export type Fault = 'short' | 'one' | 'none' | 'full' | `E${string}`

/** A file system that fails, and that knows what was asked of it. */
export interface FaultyFileSystem extends FileSystem {
  readonly calls: readonly Call[]
  /** Files that are open. */
  readonly opened: ReadonlySet<string>
  /**
   * The paths that were synced again by the descriptor whose sync had failed: the operating system may have dropped the bytes,
   * and says then that all is well.
   */
  readonly violations: readonly string[]
}

/** Any file system, with faults where `decide` says so. Locks and watching do not fail. */
export function faulty(fileSystem: FileSystem, decide: (call: Call) => Fault | undefined): FaultyFileSystem {
  const calls: Call[] = []
  const opened = new Set<string>()
  const violations: string[] = []
  let full = false

  /** `partly` does a write of so many bytes. */
  async function call<R>(
    name: string,
    path: string,
    work: () => Promise<R>,
    partly?: (share: (length: number) => number) => Promise<R>,
  ): Promise<R> {
    const made = { number: calls.length + 1, name, path }
    calls.push(made)
    if (full && partly) {
      full = false
      throw errno('ENOSPC')
    }
    const fault = decide(made)
    if (fault === undefined) return work()
    if (isCode(fault)) throw errno(fault)
    if (!partly) return work()
    full = fault === 'full'
    return partly(shares[fault])
  }

  function watchful(path: string, file: OpenFile, label: string): OpenFile {
    let failed = false
    async function sync(name: 'sync' | 'datasync'): Promise<void> {
      if (failed) violations.push(path)
      try {
        await call(name, path, () => file[name]())
      } catch (error) {
        failed = true
        throw error
      }
    }
    return {
      read: (...given) => call('read', path, () => file.read(...given)),
      write(buffer, offset, length, position) {
        const write = (some: number) => file.write(buffer, offset, some, position)
        return call(
          'write',
          path,
          () => write(length),
          async share => (share(length) === 0 ? { bytesWritten: 0 } : write(share(length))),
        )
      },
      truncate: length => call('truncate', path, () => file.truncate(length)),
      datasync: () => sync('datasync'),
      sync: () => sync('sync'),
      stat: () => call('stat', path, () => file.stat()),
      chmod: mode => call('chmod', path, () => file.chmod(mode)),
      chown: (uid, gid) => call('chown', path, () => file.chown(uid, gid)),
      utimes: (read, written) => call('utimes', path, () => file.utimes(read, written)),
      async close() {
        // whatever is said of it, it is closed: so it is with Linux, and a test must not use up descriptors
        await file.close()
        opened.delete(label)
        await call('close', path, async () => {})
      },
    }
  }

  return {
    calls,
    opened,
    violations,
    open: (path, flags, mode) =>
      call(flags & constants.O_CREAT ? 'create' : 'open', path, async () => {
        const file = await fileSystem.open(path, flags, mode)
        const label = `${path} ${calls.length}`
        opened.add(label)
        return watchful(path, file, label)
      }),
    rename: (from, to) => call('rename', to, () => fileSystem.rename(from, to)),
    unlink: path => call('unlink', path, () => fileSystem.unlink(path)),
    lstat: path => call('lstat', path, () => fileSystem.lstat(path)),
    readdir: path => call('readdir', path, () => fileSystem.readdir(path)),
    mkdir: path => call('mkdir', path, () => fileSystem.mkdir(path)),
    realpath: path => call('realpath', path, () => fileSystem.realpath(path)),
    watch: (path, listener) => fileSystem.watch(path, listener),
    exclusive: path => fileSystem.exclusive(path),
  }
}

const shares = {
  short: (length: number) => Math.ceil(length / 2),
  full: (length: number) => Math.ceil(length / 2),
  one: (length: number) => Math.min(1, length),
  none: () => 0,
} as const

function isCode(fault: Fault): fault is `E${string}` {
  return !(fault in shares)
}
