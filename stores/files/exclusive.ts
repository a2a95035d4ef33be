/**
 * An exclusive lock on a path that ends with the process that holds it, however that ends: a listening socket, which the
 * operating system closes. No lock file that a killed process leaves behind, and no lock taken over by its age.
 * It holds between the processes of one machine (on Linux: of one network namespace), and between the parts of one process.
 */
import { randomBytes } from 'node:crypto'
import { readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { exclusiveNow, inUse, lockName } from './exclusive-now.js'
import { fileError, ifExists } from './file-error.js'
import { call, listen, stopListening } from './lock-socket.js'

export interface ExclusiveOptions {
  readonly platform?: NodeJS.Platform | undefined
  /** Where the sockets lie on systems that need a file for them. */
  readonly directory?: string | undefined
  /** How long to wait for the holder to say who it is, in milliseconds. */
  readonly patience?: number | undefined
}

/** Gives the lock back. */
export type Release = () => Promise<void>

/** Takes the lock of a path, or throws an `InvalidStateError` that names the process that holds it. */
export async function exclusive(path: string, options: ExclusiveOptions = {}): Promise<Release> {
  const { platform, directory = '/tmp', patience = 1000 } = options
  try {
    const release = exclusiveNow(path, { platform })
    if (release) return async () => release()
    return await byFile(path, join(directory, lockName(path)), patience)
  } catch (cause) {
    throw fileError(`${path} cannot be locked`, cause)
  }
}

const attempts = 100

/**
 * Where the socket is a file, which stays when its process is killed: everybody listens at a file of his own, and then
 * looks for others. Of two, the later to listen sees the earlier, so never do both hold. A file is visible only once
 * somebody listens, so one where nobody does is dead, and as no name is used twice it can be removed.
 */
async function byFile(path: string, start: string, patience: number): Promise<Release> {
  for (let left = attempts; left > 0; left--) {
    const file = `${start}-${randomBytes(6).toString('hex')}`
    let holds = false
    const server = await listen(`${file}.new`, () => `${holds ? '' : '?'}${process.pid}`)
    await rename(`${file}.new`, `${file}.sock`)
    const release = async () => {
      await stopListening(server)
      await ifExists(unlink(`${file}.sock`))
    }
    const other = await anotherListener(start, file, patience)
    holds = other === undefined
    if (holds) return release
    await release()
    if (!other?.startsWith('?')) throw inUse(path, other as string)
    // two who want it have seen each other: one of them will be first the next time
    await new Promise(resolve => setTimeout(resolve, Math.random() * 20))
  }
  throw inUse(path, '')
}

async function anotherListener(start: string, own: string, patience: number): Promise<string | undefined> {
  const directory = join(start, '..')
  for (const name of await readdir(directory)) {
    const file = join(directory, name)
    if (!file.startsWith(`${start}-`) || !file.endsWith('.sock') || file === `${own}.sock`) continue
    const answer = await call(file, patience)
    if (answer !== undefined) return answer
    // that of another user stays, and harms nobody
    await unlink(file).catch(() => {})
  }
  return undefined
}
