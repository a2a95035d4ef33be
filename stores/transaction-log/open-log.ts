import { dirname } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { type Appender, appender } from '../files/append.js'
import { durableReplace, removeStrays } from '../files/durable-replace.js'
import type { FileStat, FileSystem } from '../files/file-system.js'
import { printLine } from '../files/log-line.js'
import { readFile } from '../files/read-file.js'
import { syncDirectory } from '../files/sync-directory.js'
import { waitExclusive } from '../files/wait-exclusive.js'
import { groupCommit } from '../table/group-commit.js'
import { type Committed, type Decisions, type Done, type Header, readDecisions } from './read-decisions.js'

/** A log that this process has for itself. */
export interface OpenLog {
  wasCommitted(id: string): boolean
  /** Makes the decision last. Those of several transactions at once share a sync. */
  commit(id: string): Promise<void>
  /** Makes what is known here last, and nothing else. */
  settle(): Promise<void>
  /** The decision need not be kept. */
  forget(id: string): void
  close(): Promise<void>
}

export interface OpenLogOptions {
  readonly fileSystem: FileSystem
  readonly path: string
  readonly random?: (() => string) | undefined
  /** How long to wait for another process that has it open, in milliseconds. */
  readonly timeout: number
  /** Must it be there? */
  readonly existing?: boolean | undefined
}

/** The bytes from which on a log whose decisions are all carried out is begun anew. */
const long = 2 ** 16
const largest = 2 ** 28
const header: Header = { transactions: 1 }

export async function openLog({
  fileSystem,
  path,
  random,
  timeout,
  existing = false,
}: OpenLogOptions): Promise<OpenLog> {
  const release = await waitExclusive(fileSystem, path, { timeout })
  try {
    await removeStrays(fileSystem, path)
    const found = await readLogFile(fileSystem, path, existing)
    let { lines, length } = found
    if (lines === 0 || found.pending.size > 0 || length > long) {
      // it must be there before anybody prepares; and what was read may be a line of which the disk had said that it could
      // not be written: written anew it lasts
      const text = print(0, [header, ...[...found.pending].map(commit => ({ commit }))])
      await durableReplace(fileSystem, path, [Buffer.from(text)], { like: found.stat, random })
      lines = found.pending.size + 1
      length = Buffer.byteLength(text)
    } else if (lines === 1) {
      // whoever made it may have been killed before its name was to last
      await syncDirectory(fileSystem, dirname(path))
    }
    return log(appender({ fileSystem, path, length, mode: 0o600 }), found, lines, release)
  } catch (error) {
    await release()
    throw error
  }
}

/** What the log says; nothing, if it is not there and need not be. */
export async function readLogFile(
  fileSystem: FileSystem,
  path: string,
  existing: boolean,
): Promise<Decisions & { readonly stat: FileStat | undefined }> {
  const file = await readFile(fileSystem, path, largest)
  if (existing && !file) throw missing(path)
  return { ...readDecisions(file?.bytes ?? Buffer.alloc(0), path), stat: file?.stat }
}

function log(disk: Appender, { committed }: Decisions, written: number, release: () => Promise<void>): OpenLog {
  const known = new Set(committed)
  let lines = written
  let lasting = written
  /** What need not last, and is written with what must. */
  let later: Done[] = []

  async function append(decisions: readonly Committed[], sync: boolean): Promise<void> {
    const contents = [...later, ...decisions]
    await disk.append(Buffer.from(print(lines, contents, lasting)), { sync })
    lines += contents.length
    if (sync) lasting = lines
    later = []
  }

  const commit = groupCommit<string>({
    write: ids =>
      append(
        ids.map(commit => ({ commit })),
        true,
      ),
    landed: ids => {
      for (const id of ids) known.add(id)
    },
    failed() {},
  })

  return {
    commit,
    settle: disk.settle,
    wasCommitted: id => known.has(id),
    forget(done) {
      if (known.has(done)) later.push({ done })
    },
    async close() {
      try {
        // to forget is a courtesy: what is not forgotten is kept
        if (later.length > 0) await append([], false).catch(() => {})
        await disk.close()
      } finally {
        await release()
      }
    },
  }
}

function print(from: number, contents: readonly (Header | Committed | Done)[], lasting = 0): string {
  return contents.map((content, at) => printLine(from + at, lasting, content)).join('')
}

function missing(path: string): StoreError {
  const message = `the transaction log ${path} is not there: put it back, for only it says what was decided`
  return new StoreError('InvalidStateError', message)
}
