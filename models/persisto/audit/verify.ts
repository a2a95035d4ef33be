/** Finds what was altered, left out, added or moved in an audit log. */
import { join } from 'node:path'
import { StoreError } from '../../../lib/errors.js'
import { fileError } from '../../../stores/files/file-error.js'
import { type FileSystem, nodeFileSystem } from '../../../stores/files/file-system.js'
import { readFile } from '../../../stores/files/read-file.js'
import { type Head, readHead } from './head.js'
import { beginning, dayOf, daysIn, linesOf, read } from './line.js'
import type { Receipt } from './receipt.js'

export interface VerifyOptions {
  /** The folder of the log. */
  readonly path: string
  /** Receipts, or heads of earlier checks, whose lines must still be there. */
  readonly receipts?: readonly (Receipt | Pick<Head, 'number' | 'hash'>)[] | undefined
  /** What stands in for the disk. */
  readonly fileSystem?: FileSystem | undefined
}

export interface AuditProblem {
  /** The file in the folder. */
  readonly file: string
  /** The line in it, from 1; 0 where it is about the whole file. */
  readonly line: number
  readonly problem: string
}

export interface AuditReport {
  readonly ok: boolean
  readonly files: number
  readonly lines: number
  readonly problems: readonly AuditProblem[]
  /** Where the log ends. Kept elsewhere, and given as a receipt to the next check, it shows that nothing was taken away since. */
  readonly head: Head
}

/** The largest file of a day. */
export const largest = 2 ** 30

/** Checks every line of an audit log, without changing anything. A `NotFoundError` if there is none. */
export async function verifyAudit({
  path,
  receipts = [],
  fileSystem = nodeFileSystem,
}: VerifyOptions): Promise<AuditReport> {
  // first: what is written meanwhile is behind it
  const known = await readHead(fileSystem, path)
  const days = daysIn(
    await fileSystem.readdir(path).catch(cause => {
      throw fileError(`${path} cannot be read`, cause)
    }),
  )
  if (days.length === 0 && !known) throw new StoreError('NotFoundError', `there is no audit log in ${path}`)
  const problems: AuditProblem[] = []
  const wanted = new Map(
    receipts.map(each => [each.hash, 'line' in each ? 'the line of a receipt' : `the line ${each.number}`]),
  )
  if (known && known.number > 0) wanted.set(known.hash, `the line ${known.number}, at which the log has ended,`)
  let head: Head = { number: 0, hash: beginning, entry: 0 }
  let lines = 0

  function check(file: string, bytes: Buffer, last: boolean): void {
    const found = linesOf(bytes)
    const say = (line: number, problem: string) => problems.push({ file, line, problem })
    for (const [at, each] of found.lines.entries()) {
      lines++
      const line = read(each)
      if (!line) {
        say(at + 1, 'this is no line of a log')
        continue
      }
      const { number, previous, at: when } = line.line
      if (!line.intact) say(at + 1, 'the line was altered')
      else if (number !== head.number + 1)
        say(at + 1, `this is line ${number} of the log, where ${head.number + 1} should be`)
      else if (previous !== head.hash) say(at + 1, 'the line before was altered, or this one is of another log')
      else if (dayOf(when) > file.slice(0, 10)) say(at + 1, 'the line is of a later day than its file')
      if (line.intact) wanted.delete(line.hash)
      head = { number, hash: line.hash, entry: line.line.entry ?? head.entry }
    }
    // what a crash has left of a line that nobody was told of is no harm at the end
    if (found.length < bytes.length && !last) say(found.lines.length + 1, 'the file ends within a line')
  }

  for (const [at, day] of days.entries()) {
    const file = await readFile(fileSystem, join(path, `${day}.log`), largest)
    if (file) check(`${day}.log`, file.bytes, at === days.length - 1)
  }
  if (!known)
    problems.push({ file: 'head.json', line: 0, problem: 'it is missing or damaged: lines may be missing at the end' })
  const end = `${days.at(-1) ?? 'head'}.log`
  for (const what of wanted.values()) problems.push({ file: end, line: 0, problem: `${what} is missing` })
  return { ok: problems.length === 0, files: days.length, lines, problems, head }
}
