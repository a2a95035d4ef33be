/** The three ways in which a process comes to a directory. */
import type { Release } from '../files/exclusive.js'
import type { TableStoreOptions } from '../table/store.js'
import type { Folder } from './folder.js'
import { makeDirectory, recover, recoverInMemory } from './open.js'
import { share, takeAlone } from './presence.js'
import type { Resident } from './resident.js'
import type { Token } from './token.js'
import { turns } from './turns.js'
import type { Writing } from './writing.js'

export interface Parts<T extends object> {
  readonly folder: Folder
  readonly resident: Resident<T>
  readonly writing: Writing<T>
  readonly token: Token
  readonly sync: boolean
  /** Called when the directory is there, before it is listed. */
  found(): void
}

/** When reading and writing may go on, and how to leave. */
export interface Access extends Pick<TableStoreOptions<object>, 'reading' | 'gate'> {
  readonly end: Release
}

/** Only reads, beside whoever writes. */
export async function beside<T extends object>({ folder, resident, found }: Parts<T>): Promise<Access> {
  found()
  await recoverInMemory(folder, resident)
  return { end: async () => {} }
}

/** Has the directory for itself. */
export async function alone<T extends object>({ folder, resident, writing, sync, found }: Parts<T>): Promise<Access> {
  const { fileSystem, path } = folder
  const end = await takeAlone(fileSystem, path)
  try {
    await makeDirectory(fileSystem, path)
    found()
    await recover(folder, resident, writing, sync)
    return { end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Shares it with other processes, turn by turn. */
export async function together<T extends object>(parts: Parts<T>): Promise<Access> {
  const { folder, resident, writing, token, sync } = parts
  const { fileSystem, path } = folder
  const presence = await share(fileSystem, path)
  const { reading, gate, leave } = turns({
    async take() {
      await presence.renew()
      return fileSystem.exclusive(path)
    },
    async taken() {
      if (!(await token.isNew())) return
      writing.reset()
      await recover(folder, resident, writing, sync)
    },
  })
  const end = () => leave().finally(presence.end)
  try {
    await makeDirectory(fileSystem, path)
    parts.found()
    const release = await reading()
    await token.make().finally(release)
    return { reading, gate, end }
  } catch (error) {
    await end()
    throw error
  }
}
