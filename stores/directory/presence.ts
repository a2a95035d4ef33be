import { setTimeout as pause } from 'node:timers/promises'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Release } from '../files/exclusive.js'
import type { FileSystem } from '../files/file-system.js'

/**
 * Three locks of a directory: who works with it now, that somebody has it alone, that somebody shares it. The first is the one
 * that nothing can be done without; the others are there so that who opens it otherwise is refused at once.
 */
const aloneOf = (path: string) => `${path}#alone`
const sharedOf = (path: string) => `${path}#shared`

/** Takes a directory for this process alone, or throws an `InvalidStateError` that names the process that has it. */
export async function takeAlone({ exclusive }: FileSystem, path: string): Promise<Release> {
  const releases: Release[] = []
  const release = async () => {
    for (const each of releases.splice(0)) await each()
  }
  try {
    releases.push(await patiently(() => exclusive(aloneOf(path))))
    // nobody shares it: a look, not a lock
    await (await patiently(() => exclusive(sharedOf(path))))()
    releases.push(await patiently(() => exclusive(path)))
    return release
  } catch (error) {
    await release()
    throw isStoreError(error, 'InvalidStateError') ? inUse(path, error) : error
  }
}

/** Says that this process shares a directory, unless another has it alone. */
export interface Presence {
  /** Takes over, where the process that stood for all who share it has ended. */
  renew(): Promise<void>
  end: Release
}

export async function share({ exclusive }: FileSystem, path: string): Promise<Presence> {
  let sign: Release | undefined
  async function renew(): Promise<void> {
    try {
      sign ??= await exclusive(sharedOf(path))
    } catch (error) {
      if (!isStoreError(error, 'InvalidStateError')) throw error
    }
  }
  await renew()
  const end = async () => {
    await sign?.()
    sign = undefined
  }
  try {
    await (await patiently(() => exclusive(aloneOf(path))))()
  } catch (error) {
    await end()
    throw isStoreError(error, 'InvalidStateError') ? inUse(path, error) : error
  }
  return { renew, end }
}

/** Others take these locks for a moment, to look. */
async function patiently<R>(take: () => Promise<R>, attempts = 20): Promise<R> {
  try {
    return await take()
  } catch (error) {
    if (attempts === 1 || !isStoreError(error, 'InvalidStateError')) throw error
  }
  await pause(1 + Math.random() * 4)
  return patiently(take, attempts - 1)
}

function inUse(path: string, cause: StoreError): StoreError {
  const who = /by (process \d+|a process .*)$/.exec(cause.message)?.[1] ?? 'another process'
  return new StoreError('InvalidStateError', `${path} is in use by ${who}`, { cause })
}
