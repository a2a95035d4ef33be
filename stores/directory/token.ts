import { constants } from 'node:fs'
import { join } from 'node:path'
import { ifExists } from '../files/file-error.js'
import { readFile } from '../files/read-file.js'
import { writeAll } from '../files/write-all.js'
import type { Folder } from './folder.js'

/**
 * A file whose content is another after each turn in which something was written, so that the next process sees that what it
 * has in memory may be old. It need not last: after a power cut nobody remembers anything.
 */
export interface Token {
  /** Did somebody else write since this was last asked, or since our last turn? */
  isNew(): Promise<boolean>
  /** To be called before something is written; does something once in each turn. */
  change(): Promise<void>
  /** Makes the file, if there is none. */
  make(): Promise<void>
}

const tokenName = '.holdfast-writer'

export function token({ fileSystem, path, maxFile }: Folder, random: () => string): Token {
  const place = join(path, tokenName)
  let seen: string | undefined
  let changed = false

  async function write(flags: number): Promise<void> {
    if (changed) return
    const next = random()
    const all = flags | constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const file = await ifExists(fileSystem.open(place, all, 0o600))
    if (!file) return
    try {
      await writeAll(file, Buffer.from(next), 0)
    } finally {
      await file.close()
    }
    seen = next
    changed = true
  }

  return {
    async isNew() {
      changed = false
      const before = seen
      seen = (await readFile(fileSystem, place, maxFile))?.bytes.toString('latin1') ?? ''
      return seen !== before
    },
    // nobody shares a directory without the file
    change: () => write(0),
    async make() {
      if (seen === '') await write(constants.O_CREAT)
    },
  }
}
