/** The log of a Persisto: what happened, day by day, in files that nobody can change without being found out. */
import type { KeyLike } from 'node:crypto'
import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { checkedCopy } from '../../lib/value.js'
import { type Appender, appender } from '../../stores/files/append.js'
import { corrupt } from '../../stores/files/corrupt.js'
import { type FileSystem, nodeFileSystem } from '../../stores/files/file-system.js'
import { readFile } from '../../stores/files/read-file.js'
import { realPath } from '../../stores/files/real-path.js'
import { groupCommit } from '../../stores/table/group-commit.js'
import { beginOf } from './audit/begin.js'
import { type Head, headWriter } from './audit/head.js'
import { dayOf, daysIn, type LogLine, linesOf, type Printed, print, type Read, read } from './audit/line.js'
import { type Receipt, receiptOf } from './audit/receipt.js'
import { type AuditReport, largest, verifyAudit } from './audit/verify.js'
import { makeFolder } from './folder.js'
import type { LogEvent, Logger } from './log-event.js'

export type { Head } from './audit/head.js'
export type { LogLine } from './audit/line.js'
export { checkReceipt, type Receipt, type ReceiptCheck } from './audit/receipt.js'
export { type AuditProblem, type AuditReport, type VerifyOptions, verifyAudit } from './audit/verify.js'

export interface AuditOptions {
  /** The folder, which is made if it is not there. It belongs to one process. */
  readonly path: string
  /** A private Ed25519 key, by which receipts are signed. */
  readonly key?: KeyLike | undefined
  /** Which events are part of the audit log: by default those of points, and of passkeys. */
  readonly audited?: ((event: LogEvent) => boolean) | undefined
  /** The time, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** What stands in for the disk. */
  readonly fileSystem?: FileSystem | undefined
}

/** Which days: from the first to the last, as in `'2026-01-31'`, both included. */
export interface Days {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export interface Audit extends Logger {
  /** Appends a line. Resolves with its receipt when it lasts; those of the same time share a sync. */
  record(event: LogEvent): Promise<Receipt>
  lastEntry(): number
  /** All lines of a day, or of all days. */
  getSystemLogs(day?: string): Promise<LogLine[]>
  /** What concerns a user. */
  getUserLogs(user: string, days?: Days): Promise<LogLine[]>
  getAuditLogs(day?: string): Promise<LogLine[]>
  /** The days of which there are lines. */
  listAuditDates(): Promise<string[]>
  /** The receipt of a line, by its number. */
  receipt(number: number): Promise<Receipt>
  verify(): Promise<AuditReport>
  close(): Promise<void>
}

/**
 * Opens a log, to be the `logger` of a Persisto. Every line goes into the file of its day and holds the hash of the one before. A
 * `CorruptError` if lines are missing that were there; an `InvalidStateError` if another process has it open.
 */
export async function audit(options: AuditOptions): Promise<Audit> {
  const { path: given, key, audited = isAudited, now = Date.now, fileSystem = nodeFileSystem } = options
  await makeFolder(given, fileSystem)
  const path = await realPath(fileSystem, given)
  const release = await fileSystem.exclusive(path)
  const begun = await beginOf(fileSystem, path).catch(async error => {
    await release()
    throw error
  })
  let { head, day } = begun
  let file: Appender | undefined = day ? open(day, begun.length) : undefined
  const ends = headWriter(fileSystem, path)
  let last: Promise<void> = Promise.resolve()
  let closing: Promise<void> | undefined

  function open(of: string, good: number): Appender {
    return appender({ fileSystem, path: join(path, `${of}.log`), length: good, mode: 0o600 })
  }

  interface Pending {
    readonly event: LogEvent
    printed?: Printed
  }

  const commit = groupCommit<Pending>({
    async write(items) {
      const at = new Date(now())
      // a clock that goes back does not bring back the day
      const today = day !== undefined && dayOf(at) < day ? day : dayOf(at)
      if (today !== day || !file) {
        await file?.close()
        file = open(today, 0)
        day = today
      }
      let next = head
      for (const item of items) {
        item.printed = print(lineOf(item.event, at, next))
        next = { number: next.number + 1, hash: item.printed.hash, entry: item.event.entry ?? next.entry }
      }
      const text = items.map(({ printed }) => `${printed?.hash} ${printed?.text}\n`).join('')
      await file.append(Buffer.from(text), { sync: true })
      head = next
      ends.move(head)
    },
    landed() {},
    failed() {},
  })

  function lineOf({ type, users, data, entry, ...event }: LogEvent, at: Date, { number, hash }: Head): LogLine {
    const isAudited = audited({ type, users, data, entry, ...event })
    return {
      number: number + 1,
      at,
      type,
      ...(users?.length && { users }),
      ...(data && { data }),
      ...(entry !== undefined && { entry }),
      ...(isAudited && { audited: true }),
      previous: hash,
    }
  }

  async function record(event: LogEvent): Promise<Receipt> {
    if (closing) throw new StoreError('InvalidStateError', 'the log is closed')
    if (typeof event?.type !== 'string' || event.type === '')
      throw new TypeError('an event has a type, which is a text')
    const pending: Pending = { event: checkedCopy(event) }
    last = commit(pending)
    await last
    return receiptOf(pending.printed as Printed, key)
  }

  async function* linesIn(days: readonly string[]): AsyncGenerator<Read> {
    for (const each of days) {
      const found = await readFile(fileSystem, join(path, `${each}.log`), largest)
      for (const bytes of linesOf(found?.bytes ?? Buffer.alloc(0)).lines) {
        const line = read(bytes)
        if (!line?.intact) throw corrupt(join(path, `${each}.log`), 'a line', 'it was altered')
        yield line
      }
    }
  }
  const allDays = async () => daysIn(await fileSystem.readdir(path))
  async function those(days: readonly string[], test: (line: LogLine) => boolean): Promise<LogLine[]> {
    const found: LogLine[] = []
    for await (const { line } of linesIn(days)) if (test(line)) found.push(line)
    return found
  }
  const on = async (of: string | undefined) =>
    of === undefined ? allDays() : (await allDays()).filter(each => each === of)

  ends.move(head)
  await ends.settled()
  if (begun.lost) await record({ type: 'HEAD_LOST', data: { number: head.number } })
  return Object.freeze<Audit>({
    record,
    lastEntry: () => head.entry,
    getSystemLogs: async of => those(await on(of), () => true),
    getAuditLogs: async of => those(await on(of), ({ audited }) => audited === true),
    async getUserLogs(user, { from = '', to = '9' } = {}) {
      const days = (await allDays()).filter(each => each >= from && each <= to)
      return those(days, ({ users = [] }) => users.includes(user))
    },
    listAuditDates: allDays,
    async receipt(number) {
      for await (const { line, hash, text } of linesIn(await allDays())) {
        if (line.number === number) return receiptOf({ hash, text }, key)
      }
      throw new StoreError('NotFoundError', `there is no line ${number} in the log`, { id: number })
    },
    async verify() {
      await ends.settled()
      return verifyAudit({ path, fileSystem })
    },
    close() {
      // what was asked for before is still written
      closing ??= last
        .catch(() => {})
        .then(() => ends.settled())
        .then(() => file?.close())
        .finally(release)
      return closing
    },
  })
}

/** What moves points, and what opens doors. */
const isAudited = ({ type, entry }: LogEvent) => entry !== undefined || type.startsWith('PASSKEY_')
