import { constants } from 'node:fs'
import { type FileSystem, nodeFileSystem, type OpenFile } from '../../../stores/files/file-system.js'

/** A call that a file system was asked to do. */
export interface Call {
  /** From 1, in the order in which they are made. */
  readonly number: number
  readonly name: string
  readonly path: string
}

/**
 * What goes wrong with a call: an error of this code and no effect; `'short'`, a write that takes half of its bytes;
 * `'full'`, one that takes half and whose next finds the disk full; `'stop'`, the process ends before it, `'tear'`, in the
 * middle of it.
 */
export type Fault = 'short' | 'full' | 'stop' | 'tear' | `E${string}`

export interface FaultyFileSystem extends FileSystem {
  readonly calls: readonly Call[]
  /** Files that are open. */
  readonly opened: ReadonlySet<string>
}

export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code })
}

/** The disk of this machine, with faults where `decide` says so. After a stop nothing is done any more. */
export function faulty(decide: (call: Call) => Fault | undefined): FaultyFileSystem {
  const calls: Call[] = []
  const opened = new Set<string>()
  let stopped = false
  let full = false

  async function call<R>(name: string, path: string, work: () => Promise<R>, half?: () => Promise<R>): Promise<R> {
    if (stopped) throw errno('ESTOPPED')
    if (full && name === 'write') {
      full = false
      throw errno('ENOSPC')
    }
    const made = { number: calls.length + 1, name, path }
    calls.push(made)
    const fault = decide(made)
    if (fault === undefined || (!half && (fault === 'short' || fault === 'full'))) return work()
    if (fault === 'stop' || fault === 'tear') {
      stopped = true
      if (fault === 'tear') await half?.()
      throw errno('ESTOPPED')
    }
    if (fault !== 'short' && fault !== 'full') throw errno(fault)
    full = fault === 'full'
    return (half as () => Promise<R>)()
  }

  async function open(path: string, flags: number, mode?: number): Promise<OpenFile> {
    const file = await nodeFileSystem.open(path, flags, mode)
    const label = `${path} ${calls.length}`
    opened.add(label)
    return {
      read: (...given) => call('read', path, () => file.read(...given)),
      write: (buffer, offset, length, position) =>
        call(
          'write',
          path,
          () => file.write(buffer, offset, length, position),
          () => file.write(buffer, offset, Math.ceil(length / 2), position),
        ),
      truncate: length => call('truncate', path, () => file.truncate(length)),
      datasync: () => call('datasync', path, () => file.datasync()),
      sync: () => call('sync', path, () => file.sync()),
      stat: () => call('stat', path, () => file.stat()),
      chmod: mode => call('chmod', path, () => file.chmod(mode)),
      chown: (uid, gid) => call('chown', path, () => file.chown(uid, gid)),
      utimes: (read, written) => call('utimes', path, () => file.utimes(read, written)),
      async close() {
        // whatever is said of it, it is closed: a test must not use up descriptors
        await file.close()
        opened.delete(label)
        await call('close', path, async () => {})
      },
    }
  }

  return {
    calls,
    opened,
    open: (path, flags, mode) =>
      call(flags & constants.O_CREAT ? 'create' : 'open', path, () => open(path, flags, mode)),
    rename: (from, to) => call('rename', to, () => nodeFileSystem.rename(from, to)),
    unlink: path => call('unlink', path, () => nodeFileSystem.unlink(path)),
    lstat: path => call('lstat', path, () => nodeFileSystem.lstat(path)),
    readdir: path => call('readdir', path, () => nodeFileSystem.readdir(path)),
    mkdir: path => call('mkdir', path, () => nodeFileSystem.mkdir(path)),
    watch: nodeFileSystem.watch,
    exclusive: nodeFileSystem.exclusive,
    realpath: path => call('realpath', path, () => nodeFileSystem.realpath(path)),
  }
}
