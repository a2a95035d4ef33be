import { type Appender, appender } from '../files/append.js'
import type { FileSystem } from '../files/file-system.js'
import type { Decided } from '../table/write.js'
import type { Fingerprint } from './fingerprint.js'
import { entryOf, printLine } from './journal-line.js'
import type { JournalContent } from './read-journal.js'

export interface JournalOptions {
  readonly fileSystem: FileSystem
  readonly path: string
  /** What was read from it. */
  readonly content: JournalContent
  /** The content of the file that the journal belongs to. */
  readonly file: Fingerprint | undefined
  /** The mode of the journal's own file. */
  readonly mode: number
  /** Does an append resolve only when it lasts? */
  readonly sync: boolean
}

/** Lines that were printed, to be appended next. */
export interface Printed {
  readonly bytes: Buffer
  readonly sets: number
}

/** The changes since the file was written: one line a change set, so that a transaction is there whole or not at all. */
export interface Journal {
  /** In bytes. */
  readonly length: number
  /** How many change sets the file does not hold yet. */
  readonly sets: number
  print(sets: readonly (readonly Decided<object>[])[]): Printed
  append(printed: Printed): Promise<void>
  /** Says, lasting, that the file holds all changes so far once it has this content. */
  note(file: Fingerprint): Promise<void>
  /** Begins anew, for a file that has this content. */
  begin(file: Fingerprint | undefined): Promise<void>
  /** Makes what was read last, and cuts off a torn end. */
  settle(): Promise<void>
  remove(): Promise<void>
  close(): Promise<void>
}

export function journal({ fileSystem, path, content, file, mode, sync }: JournalOptions): Journal {
  const disk: Appender = appender({ fileSystem, path, length: content.length, mode })
  let { lines } = content
  let lasting = content.lines
  let sets = content.sets.length
  let header = file

  const start = () => (lines === 0 ? printLine(lines, 0, { journal: 1, file: header ?? null }) : '')

  return {
    get length() {
      return disk.length
    },
    get sets() {
      return sets
    },
    print(sets) {
      let text = start()
      let line = Math.max(lines, 1)
      for (const set of sets) text += printLine(line++, lasting, set.map(entryOf))
      return { bytes: Buffer.from(text), sets: sets.length }
    },
    async append(printed) {
      await disk.append(printed.bytes, { sync })
      lines = Math.max(lines, 1) + printed.sets
      sets += printed.sets
      if (sync) lasting = lines
    },
    async note(file) {
      await disk.append(Buffer.from(printLine(lines, lasting, { file })), { sync: true })
      lasting = ++lines
    },
    async begin(file) {
      header = file
      lines = 0
      lasting = 0
      sets = 0
      await disk.empty()
    },
    settle: disk.settle,
    remove: disk.remove,
    close: disk.close,
  }
}
