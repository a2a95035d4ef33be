import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { World } from '../world.js'

/** Does work on what comes from stdin as on a file, which can be read twice. */
export async function spooled<R>({ stdin, signal }: World, work: (file: string) => Promise<R>): Promise<R> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-stdin-'))
  try {
    const file = join(folder, 'stdin')
    await pipeline(stdin, createWriteStream(file, { mode: 0o600 }), { signal })
    return await work(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
