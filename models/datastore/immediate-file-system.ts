/**
 * The file system of the machine, without the detour over other threads for what the system does in memory: a file is read or
 * written in a fraction of the time, and nothing else is done meanwhile. To make things last takes its time, elsewhere.
 */
import * as fs from 'node:fs'
import { setImmediate as breath } from 'node:timers/promises'
import { type FileSystem, nodeFileSystem, type OpenFile } from '../../stores/files/file-system.js'

/** How long others wait while many files are read, in milliseconds. */
const longest = 5

export interface ImmediateOptions {
  /** Is nothing to last? Then what is changed is changed at once, too. */
  readonly relaxed: boolean
}

export function immediateFileSystem({ relaxed }: ImmediateOptions): FileSystem {
  let since = performance.now()

  async function breathe(): Promise<void> {
    if (performance.now() - since < longest) return
    await breath()
    since = performance.now()
  }

  const reading: Pick<FileSystem, 'open' | 'lstat' | 'readdir'> = {
    async open(path, flags, mode) {
      await breathe()
      if (!relaxed && flags & fs.constants.O_CREAT) return nodeFileSystem.open(path, flags, mode)
      return openFile(fs.openSync(path, flags, mode))
    },
    // for most new files there is none, and an error of the system costs more than the look
    lstat: async path => fs.lstatSync(path, { throwIfNoEntry: false }) ?? missing(path),
    readdir: async path => fs.readdirSync(path),
  }
  const changing: Pick<FileSystem, 'rename' | 'unlink'> = {
    rename: async (from, to) => fs.renameSync(from, to),
    unlink: async path => fs.unlinkSync(path),
  }
  return { ...nodeFileSystem, ...reading, ...(relaxed && changing) }
}

function missing(path: string): never {
  throw Object.assign(new Error(`ENOENT: no such file or directory, lstat '${path}'`), { code: 'ENOENT' })
}

function openFile(file: number): OpenFile {
  return {
    read: async (buffer, offset, length, position) => ({
      bytesRead: fs.readSync(file, buffer, offset, length, position),
    }),
    write: async (buffer, offset, length, position) => ({
      bytesWritten: fs.writeSync(file, buffer, offset, length, position),
    }),
    truncate: async length => fs.ftruncateSync(file, length),
    datasync: () => later(done => fs.fdatasync(file, done)),
    sync: () => later(done => fs.fsync(file, done)),
    stat: async () => fs.fstatSync(file),
    chmod: async mode => fs.fchmodSync(file, mode),
    chown: async (uid, gid) => fs.fchownSync(file, uid, gid),
    utimes: async (read, written) => fs.futimesSync(file, read, written),
    close: async () => fs.closeSync(file),
  }
}

function later(work: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work(error => (error ? reject(error) : resolve()))
  })
}
