import type { Coordinator } from '../../lib/store.js'
import { type Appender, appender } from '../files/append.js'
import type { FileSystem } from '../files/file-system.js'
import { printLine } from '../files/log-line.js'
import type { Decided } from '../table/write.js'
import type { Fingerprint } from './fingerprint.js'
import { type Content, type Decision, entryOf } from './journal-line.js'
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
  readonly lines: number
  readonly sets: number
}

/** The changes since the file was written: one line a change set, so that a transaction is there whole or not at all. */
export interface Journal {
  /** In bytes. */
  readonly length: number
  /** How many change sets the file does not hold yet. */
  readonly sets: number
  print(sets: readonly (readonly Decided<object>[])[]): Printed
  /** A set that is to last once the coordinator says so. */
  printPrepared(set: readonly Decided<object>[], coordinator: Coordinator): Printed
  append(printed: Printed): Promise<void>
  /** Says what was decided about the set that was prepared last: now, or before anything else is appended. */
  decide(commit: boolean): Promise<void>
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
  let decision: Decision | undefined

  function print(contents: readonly Content[], sets: number): Printed {
    const all: Content[] = lines === 0 ? [{ journal: 1, file: header ?? null }] : []
    if (decision) all.push(decision)
    all.push(...contents)
    const text = all.map((each, at) => printLine(lines + at, lasting, each)).join('')
    return { bytes: Buffer.from(text), lines: all.length, sets }
  }

  async function append(printed: Printed, options: { readonly sync: boolean }): Promise<void> {
    await disk.append(printed.bytes, options)
    lines += printed.lines
    sets += printed.sets
    if (options.sync) lasting = lines
    decision = undefined
  }

  return {
    get length() {
      return disk.length
    },
    get sets() {
      return sets
    },
    print: sets =>
      print(
        sets.map(set => set.map(entryOf)),
        sets.length,
      ),
    printPrepared: (set, prepare) => print([{ prepare, set: set.map(entryOf) }], 0),
    append: printed => append(printed, { sync }),
    async decide(commit) {
      decision = { commit }
      if (commit) sets++
      await append(print([], 0), { sync })
    },
    note: file => append(print([{ file }], 0), { sync: true }),
    async begin(file) {
      header = file
      lines = 0
      lasting = 0
      sets = 0
      decision = undefined
      await disk.empty()
    },
    settle: disk.settle,
    remove: disk.remove,
    close: disk.close,
  }
}
