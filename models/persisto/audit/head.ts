/** Where a log ends, kept beside it: without it nobody could tell that its last lines are missing. */
import { join } from 'node:path'
import { isStoreError } from '../../../lib/errors.js'
import { removeStrays, stage } from '../../../stores/files/durable-replace.js'
import type { FileSystem } from '../../../stores/files/file-system.js'
import { readFile } from '../../../stores/files/read-file.js'

export interface Head {
  /** The number of the last line, 0 if there is none. */
  readonly number: number
  readonly hash: string
  /** The highest number of an entry of the journal that is recorded. */
  readonly entry: number
}

const name = 'head.json'

/** What it says; `undefined` if there is none, or it cannot be read. */
export async function readHead(fileSystem: FileSystem, path: string): Promise<Head | undefined> {
  try {
    const file = await readFile(fileSystem, join(path, name), 1000)
    const { number, hash, entry } = JSON.parse(file?.bytes.toString() ?? '{}') as Head
    const whole = Number.isSafeInteger(number) && typeof hash === 'string' && Number.isSafeInteger(entry)
    return whole ? { number, hash, entry } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || isStoreError(error, 'QuotaExceededError')) return undefined
    throw error
  }
}

export interface HeadWriter {
  /** The log ends here now, and that lasts. */
  move(head: Head): void
  /** Resolves when it is written. */
  settled(): Promise<void>
}

/**
 * Writes where a log ends, in the background, the last first, and not synced: after a crash it may be that of an earlier line,
 * never that of one which does not last.
 */
export function headWriter(fileSystem: FileSystem, path: string): HeadWriter {
  let next: Head | undefined
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    for (let head = next; head; head = next) {
      next = undefined
      const bytes = Buffer.from(`${JSON.stringify(head)}\n`)
      const staged = await stage(fileSystem, join(path, name), [bytes], { sync: false })
      await staged.replace()
    }
  }

  return {
    move(head) {
      next = head
      // what cannot be written stays behind, as after a crash
      writing ??= write()
        .catch(() => {})
        .finally(() => {
          writing = undefined
        })
    },
    settled: async () => writing,
  }
}

/** Removes what a process that was killed while it wrote has left. */
export const clearHead = (fileSystem: FileSystem, path: string) => removeStrays(fileSystem, join(path, name))
