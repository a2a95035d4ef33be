/** A disk in memory, of which it is known what a power cut would leave. */
import { constants } from 'node:fs'
import { basename } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import type { FileSystem } from '../../stores/files/file-system.js'
import { type Call, errno } from './call.js'
import { type CrashOptions, crashStates } from './crash-states.js'
import { type Image, imageOf, parentOf } from './image.js'
import { type Inode, type NameChange, noBytes, rename } from './inode.js'
import { type Disk, type Opening, openInode, statOf } from './open-inode.js'

export interface SimulatedDiskOptions {
  /** What lies on it. By default nothing but the directory `/disk`. */
  readonly image?: Image | undefined
  /** Called before each call, as long as there is power. To cut the power or kill the process here is to do so before the call. */
  readonly before?: ((call: Call) => void) | undefined
}

/**
 * The file system of one process on a disk in memory. A file's bytes last when it was synced, names when their directory
 * was. Locks end with the process. It has no symbolic links, and directories keep their names.
 */
export interface SimulatedDisk extends FileSystem {
  /** How many calls were made. */
  readonly calls: number
  /** Another number after each change to what lies on the disk, or to what of it lasts. */
  readonly version: number
  /** The paths of the files that are open. */
  readonly opened: readonly string[]
  /** What lies on it, as processes see it: what is left when the process is killed. */
  image(): Image
  /** What cannot be lost when the power is cut now. */
  lasting(): Image
  /** What may be left when the power is cut now. */
  crashStates(options: CrashOptions): Image[]
  /** Ends the process: its calls fail from now on, its locks are gone. Gives the file system of the next, on the same disk. */
  kill(): SimulatedDisk
}

export function simulatedDisk({ image, before }: SimulatedDiskOptions = {}): SimulatedDisk {
  const locks = new Set<string>()
  const watchers = new Map<string, Set<(name: string | undefined) => void>>()
  let numberOfCalls = 0
  let numberOfFiles = 0
  let version = 0
  const names = new Map<string, Inode>()
  const lasting = new Map<string, Inode>()
  let changes: NameChange[] = []

  function inode(isDirectory: boolean, mode: number, bytes = noBytes): Inode {
    const owner = { uid: 0, gid: 0, links: 1 }
    return {
      number: ++numberOfFiles,
      isDirectory,
      mode,
      mtimeMs: ++version,
      bytes,
      lasting: bytes,
      changes: [],
      ...owner,
    }
  }

  for (const path of image?.directories ?? ['/', '/disk']) names.set(path, inode(true, 0o755))
  for (const [path, bytes] of image?.files ?? []) names.set(path, inode(false, 0o600, bytes))
  for (const [path, each] of names) lasting.set(path, each)

  function touched(...paths: string[]): void {
    version++
    for (const path of paths) {
      for (const listener of watchers.get(parentOf(path)) ?? []) queueMicrotask(() => listener(basename(path)))
    }
  }

  function change(made: NameChange): void {
    rename(names, made)
    changes.push(made)
    touched(...[made.from, made.to].filter(path => path !== undefined))
  }

  function syncNames(directory: string): void {
    const isOf = ({ from, to }: NameChange) =>
      [from, to].some(path => path !== undefined && parentOf(path) === directory)
    for (const each of changes) if (isOf(each)) rename(lasting, each)
    changes = changes.filter(each => !isOf(each))
    version++
  }

  function find(path: string): Inode {
    const found = names.get(path)
    if (!found) throw errno('ENOENT', path)
    return found
  }

  function findFile(path: string): Inode {
    const found = find(path)
    if (found.isDirectory) throw errno('EISDIR', path)
    return found
  }

  function make(path: string, made: Inode): Inode {
    if (!find(parentOf(path)).isDirectory) throw errno('ENOTDIR', path)
    change({ to: path, inode: made })
    return made
  }

  function openingOf(path: string, flags: number, mode = 0o666): Inode {
    const there = names.get(path)
    if (there && flags & constants.O_CREAT && flags & constants.O_EXCL) throw errno('EEXIST', path)
    if (there && flags & constants.O_DIRECTORY && !there.isDirectory) throw errno('ENOTDIR', path)
    if (there?.isDirectory && flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT)) {
      throw errno('EISDIR', path)
    }
    return there ?? (flags & constants.O_CREAT ? make(path, inode(false, mode)) : find(path))
  }

  /** The file system of a process. */
  function start(): SimulatedDisk {
    const opened = new Set<Opening>()
    const held = new Set<string>()
    let alive = true

    function call<R>(name: string, path: string, work: () => R): Promise<R> {
      try {
        if (alive) before?.({ number: ++numberOfCalls, name, path })
        if (!alive) throw errno('ESHUTDOWN', 'the process was killed')
        return Promise.resolve(work())
      } catch (error) {
        return Promise.reject(error)
      }
    }

    const disk: Disk = {
      call: (name, opening, work) =>
        call(name, opening.path, () => {
          if (!opened.has(opening)) throw errno('EBADF', `${opening.path} is closed`)
          return work()
        }),
      touched,
      syncNames,
      closed: opening => void opened.delete(opening),
    }

    return {
      get calls() {
        return numberOfCalls
      },
      get version() {
        return version
      },
      get opened() {
        return [...opened].map(({ path }) => path)
      },
      image: () => imageOf(names, ({ bytes }) => bytes),
      lasting: () => imageOf(lasting, each => each.lasting),
      crashStates: options => crashStates({ lasting, changes }, options),
      kill() {
        alive = false
        for (const path of held) locks.delete(path)
        watchers.clear()
        return start()
      },
      open: (path, flags, mode) =>
        call(flags & constants.O_CREAT ? 'create' : 'open', path, () => {
          const opening: Opening = { path, flags, inode: openingOf(path, flags, mode) }
          opened.add(opening)
          return openInode(opening, disk)
        }),
      rename: (from, to) =>
        call('rename', to, () => {
          const moved = findFile(from)
          if (!find(parentOf(to)).isDirectory) throw errno('ENOTDIR', to)
          const replaced = names.has(to) ? findFile(to) : undefined
          if (replaced === moved) return
          if (replaced) replaced.links--
          change({ from, to, inode: moved })
        }),
      unlink: path =>
        call('unlink', path, () => {
          const removed = findFile(path)
          removed.links--
          change({ from: path, inode: removed })
        }),
      lstat: path => call('lstat', path, () => statOf(find(path))),
      readdir: path =>
        call('readdir', path, () => {
          if (!find(path).isDirectory) throw errno('ENOTDIR', path)
          return [...names.keys()].filter(each => each !== '/' && parentOf(each) === path).map(each => basename(each))
        }),
      mkdir: path =>
        call('mkdir', path, () => {
          if (names.has(path)) throw errno('EEXIST', path)
          make(path, inode(true, 0o755))
        }),
      realpath: path =>
        call('realpath', path, () => {
          find(path)
          return path
        }),
      watch(path, listener) {
        const listeners = watchers.get(path) ?? new Set()
        watchers.set(path, listeners.add(listener))
        return () => listeners.delete(listener)
      },
      async exclusive(path) {
        if (!alive || locks.has(path)) throw new StoreError('InvalidStateError', `${path} is in use`)
        locks.add(path)
        held.add(path)
        return async () => {
          if (held.delete(path)) locks.delete(path)
        }
      },
    }
  }

  return start()
}
