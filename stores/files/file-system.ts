import { lstat, open, readdir, realpath, rename, unlink } from 'node:fs/promises'
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
  isFile(): boolean
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
  close(): Promise<void>
}

/**
 * The few calls by which file stores touch a disk: those of `node:fs/promises`, and a lock. They touch it in no other way, so that
 * whatever stands in for this can inject faults and cut the power.
 */
export interface FileSystem {
  open(path: string, flags: number, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  lstat(path: string): Promise<FileStat>
  readdir(path: string): Promise<string[]>
  realpath(path: string): Promise<string>
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
  realpath,
  exclusive: (path: string) => exclusive(path),
})

/** A second look shows the same file with nothing written to it since, as far as its times can tell. */
export function isUntouched(before: FileStat | undefined, now: FileStat | undefined): boolean {
  if (!before || !now) return before === now
  return before.dev === now.dev && before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs
}
