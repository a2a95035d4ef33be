import { watch } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises'
import { exclusive, type Release } from './exclusive.js'

/** What a file store asks of a file. */
export interface FileStat {
  readonly dev: number
  readonly ino: number
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeMs: number
  /** How many names it has. */
  readonly nlink: number
  isFile(): boolean
  isDirectory(): boolean
}

/** An open file. Every write says at which position; it may write less than it was given. */
export interface OpenFile {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>
  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>
  truncate(length: number): Promise<void>
  /** Makes the bytes last, and the length that is needed to read them. */
  datasync(): Promise<void>
  /** Makes the bytes last and all that is known of the file; of a directory, the names in it. */
  sync(): Promise<void>
  stat(): Promise<FileStat>
  chmod(mode: number): Promise<void>
  chown(uid: number, gid: number): Promise<void>
  /** Sets when it was last read and written, in seconds since 1970. */
  utimes(read: number, written: number): Promise<void>
  close(): Promise<void>
}

/** Ends the watching. */
export type Unwatch = () => void

/**
 * The few calls by which file stores touch a disk: those of `node:fs/promises`, a watch, and a lock. They touch it in no other
 * way, so that whatever stands in for this can inject faults and cut the power.
 */
export interface FileSystem {
  open(path: string, flags: number, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  lstat(path: string): Promise<FileStat>
  readdir(path: string): Promise<string[]>
  /** Makes a directory, in one that is there. */
  mkdir(path: string): Promise<unknown>
  realpath(path: string): Promise<string>
  /**
   * Calls the listener with the name of each file in the directory that is made, changed, renamed or removed; with `undefined`
   * where it is not known which. Does not keep the process alive.
   */
  watch(path: string, listener: (name: string | undefined) => void): Unwatch
  /** Takes the lock of a path, or throws an `InvalidStateError` that names its holder. It must end with the process. */
  exclusive(path: string): Promise<Release>
}

/** The disk of this machine. */
export const nodeFileSystem: FileSystem = Object.freeze({
  open,
  rename,
  unlink,
  lstat,
  readdir,
  mkdir,
  realpath,
  watch(path: string, listener: (name: string | undefined) => void) {
    const watcher = watch(path, { persistent: false }, (_, name) => listener(name ?? undefined))
    // a directory that goes away is noticed by whoever reads it next
    watcher.on('error', () => {})
    return () => watcher.close()
  },
  exclusive: (path: string) => exclusive(path),
})

/** What tells one content of a file from another, as far as its times can tell. */
export type Moment = Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeMs'>

/** To be kept: what a file system says of a file takes half a kilobyte. */
export function momentOf({ dev, ino, size, mtimeMs }: Moment): Moment {
  return { dev, ino, size, mtimeMs }
}

/** A second look shows the same file with nothing written to it since. */
export function isUntouched(before: Moment | undefined, now: Moment | undefined): boolean {
  if (!before || !now) return before === now
  return before.dev === now.dev && before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs
}
