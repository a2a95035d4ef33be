import { constants } from 'node:fs'
import type { FileStat, OpenFile } from '../../stores/files/file-system.js'
import { errno } from './call.js'
import { changed, type DataChange, type Inode } from './inode.js'

export interface Opening {
  readonly path: string
  readonly flags: number
  readonly inode: Inode
}

/** What the disk does for a file that is open. */
export interface Disk {
  /** Does a call to a file, if that is open. */
  call<R>(name: string, opening: Opening, work: () => R): Promise<R>
  /** The file was changed. */
  touched(path: string): void
  /** The names in a directory are to last. */
  syncNames(directory: string): void
  closed(opening: Opening): void
}

/** A file or directory of a simulated disk, opened. */
export function openInode(opening: Opening, disk: Disk): OpenFile {
  const { path, flags, inode } = opening
  if (flags & constants.O_TRUNC && inode.bytes.length > 0) change(opening, disk, { length: 0 })
  return {
    read: (buffer, offset, length, position) =>
      disk.call('read', opening, () => {
        if (inode.isDirectory) throw errno('EISDIR', path)
        const bytesRead = inode.bytes.copy(buffer, offset, position, Math.min(inode.bytes.length, position + length))
        return { bytesRead: Math.max(0, bytesRead) }
      }),
    write: (buffer, offset, length, position) =>
      disk.call('write', opening, () => {
        const at = flags & constants.O_APPEND ? inode.bytes.length : position
        change(opening, disk, { position: at, bytes: Buffer.from(buffer.subarray(offset, offset + length)) })
        return { bytesWritten: length }
      }),
    truncate: length =>
      disk.call('truncate', opening, () => {
        if (length !== inode.bytes.length) change(opening, disk, { length })
      }),
    datasync: () => disk.call('datasync', opening, () => sync(opening, disk)),
    sync: () => disk.call('sync', opening, () => sync(opening, disk)),
    stat: () => disk.call('stat', opening, () => statOf(inode)),
    chmod: mode => disk.call('chmod', opening, () => void Object.assign(inode, { mode })),
    chown: (uid, gid) => disk.call('chown', opening, () => void Object.assign(inode, { uid, gid })),
    utimes: (_, written) => disk.call('utimes', opening, () => void Object.assign(inode, { mtimeMs: written * 1000 })),
    close: () => disk.call('close', opening, () => disk.closed(opening)),
  }
}

function change({ path, flags, inode }: Opening, disk: Disk, made: DataChange): void {
  if ((flags & (constants.O_WRONLY | constants.O_RDWR)) === 0) throw errno('EBADF', `${path} was opened to be read`)
  inode.bytes = changed(inode.bytes, made)
  inode.changes.push(made)
  inode.mtimeMs++
  disk.touched(path)
}

function sync({ path, inode }: Opening, disk: Disk): void {
  if (inode.isDirectory) disk.syncNames(path)
  if (inode.changes.length === 0) return
  inode.lasting = inode.bytes
  inode.changes = []
  disk.touched(path)
}

export function statOf({ number, isDirectory, bytes, mode, uid, gid, mtimeMs, links }: Inode): FileStat {
  const type = isDirectory ? constants.S_IFDIR : constants.S_IFREG
  return {
    dev: 1,
    ino: number,
    size: bytes.length,
    mode: type | mode,
    uid,
    gid,
    mtimeMs,
    nlink: links,
    // methods, as this is made hundreds of thousands of times
    isFile() {
      return !isDirectory
    },
    isDirectory() {
      return isDirectory
    },
  }
}
