/**
 * The lock of `exclusive`, taken at once: where the system gives a name to one listener at a time, and shows all names that are
 * listened at. Beside the name of the lock, its holder listens at one that carries its process id. Those who share a path listen
 * at names of their own, and nobody at that of the lock.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { StoreError } from '../../lib/errors.js'
import { listenNow } from './lock-socket.js'

export interface ExclusiveNowOptions {
  /** Others may hold it too, if they share it as well. */
  readonly shared?: boolean | undefined
  readonly platform?: NodeJS.Platform | undefined
}

/** Gives the lock back. Calling it again is harmless. */
export type ReleaseNow = () => void

/** The names of one system. */
interface Names {
  address(name: string): string
  /** Those that are listened at. */
  list(): string[]
}

/**
 * Takes the lock of a path, or throws an `InvalidStateError` that names the process that holds it. `undefined` where a lock takes
 * time: on systems other than Linux, Android and Windows.
 */
export function exclusiveNow(path: string, options: ExclusiveNowOptions = {}): ReleaseNow | undefined {
  const { shared = false, platform = process.platform } = options
  const names = namesOf(platform)
  return names && (shared ? takeShared(path, names) : takeAlone(path, names))
}

/** The process that holds the lock of a path for itself: the empty text if it does not say which, `undefined` if none is seen. */
export function holderOf(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const list = namesOf(platform)?.list() ?? []
  return list.includes(lockName(path)) ? (processIn(list, lockName(path), 'by') ?? '') : undefined
}

/** The name that stands for a path. */
export function lockName(path: string): string {
  return `holdfast-${createHash('sha256').update(path).digest('hex').slice(0, 40)}`
}

export function inUse(path: string, holder: string, use = 'in use'): StoreError {
  const who = /^\d+$/.test(holder) ? `process ${holder}` : 'a process that does not say which'
  return new StoreError('InvalidStateError', `${path} is ${use} by ${who}`)
}

/** How often to look again for a holder who has just come, or just gone. */
const attempts = 20

function takeAlone(path: string, names: Names): ReleaseNow {
  const name = lockName(path)
  for (let left = attempts; left > 0; left--) {
    const lock = listenNow(names.address(name))
    if (lock) return announced(path, names, lock)
    const holder = processIn(names.list(), name, 'by')
    if (holder !== undefined) throw inUse(path, holder)
  }
  // at a name that nobody else has
  const other = listenNow(names.address(signOf(name, 'no')))
  other?.close()
  throw other ? inUse(path, '') : unlockable(path)
}

/** Says who holds the lock. Whoever shares the path listens before he looks for the lock, so one of the two sees the other. */
function announced(path: string, names: Names, lock: Server): ReleaseNow {
  const name = lockName(path)
  const sign = listenNow(names.address(signOf(name, 'by')))
  const release = () => {
    sign?.close()
    lock.close()
  }
  const sharing = processIn(names.list(), name, 'shared')
  if (sign && sharing === undefined) return release
  release()
  throw sharing === undefined ? unlockable(path) : inUse(path, sharing, 'shared')
}

function takeShared(path: string, names: Names): ReleaseNow {
  const name = lockName(path)
  const sign = listenNow(names.address(signOf(name, 'shared')))
  if (!sign) throw unlockable(path)
  if (!names.list().includes(name)) return () => void sign.close()
  sign.close()
  throw inUse(path, processIn(names.list(), name, 'by') ?? '')
}

const signOf = (name: string, kind: 'by' | 'shared' | 'no') =>
  `${name}-${kind}-${process.pid}-${randomBytes(6).toString('hex')}`

function processIn(list: readonly string[], name: string, kind: 'by' | 'shared'): string | undefined {
  const start = `${name}-${kind}-`
  return list
    .find(each => each.startsWith(start))
    ?.slice(start.length)
    .split('-', 1)[0]
}

function unlockable(path: string): StoreError {
  return new StoreError('UnknownError', `${path} cannot be locked: the system does not let this process listen`)
}

function namesOf(platform: NodeJS.Platform): Names | undefined {
  if (platform === 'linux' || platform === 'android') return abstractNames
  return platform === 'win32' ? pipeNames : undefined
}

/**
 * Names that start with NUL are in no directory (unix(7), "abstract"). They have the full length: shorter ones are filled up
 * with NUL by some versions of Node and not by others, which then would not see each other.
 */
const abstractNames: Names = {
  address: name => `\0${name.padEnd(107, '.')}`,
  list: () => textOf('/proc/net/unix').match(/(?<=@)holdfast-[\w-]+/g) ?? [],
}

/** A system may keep it to itself: then nobody is told who holds a lock, and who shares a path is not seen. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const pipes = '\\\\.\\pipe\\'
const pipeNames: Names = { address: name => `${pipes}${name}`, list: () => readdirSync(pipes) }
