import { StoreError } from '../../lib/errors.js'
import type { Coordinator } from '../../lib/store.js'
import type { Line } from '../files/log-line.js'
import { readLog } from '../files/read-log.js'
import type { Fingerprint } from './fingerprint.js'
import type { Decision, Entry, Header, Note, Prepare } from './journal-line.js'

/** What a journal says. */
export interface JournalContent {
  /** The contents of the file over which the changes may be replayed; `undefined` for no file. */
  readonly files: readonly (Fingerprint | undefined)[]
  /** The changes, each set whole. */
  readonly sets: readonly (readonly Entry[])[]
  /** A set of changes at the end of which it does not say whether it was to last. */
  readonly inDoubt: InDoubt | undefined
  readonly lines: number
  /** The bytes of the good lines. What follows was torn by a crash before anybody was told that it lasts. */
  readonly length: number
}

export interface InDoubt {
  /** Who knows. */
  readonly coordinator: Coordinator
  readonly set: readonly Entry[]
}

/** Reads a journal. A torn end is left out; any other damage is a `CorruptError` with the line. */
export function readJournal(bytes: Buffer, path: string): JournalContent {
  const { lines, length } = readLog(bytes, path)
  const files: (Fingerprint | undefined)[] = []
  const sets: (readonly Entry[])[] = []
  let inDoubt: InDoubt | undefined
  for (const line of lines) {
    const content = line.content as (Header | Note) & Partial<Prepare & Decision>
    if (Array.isArray(content)) sets.push(content)
    else if (content.prepare && content.set) inDoubt = { coordinator: content.prepare, set: content.set }
    else if (content.commit === undefined) files.push(fileOf(line, path))
    else {
      if (content.commit && inDoubt) sets.push(inDoubt.set)
      inDoubt = undefined
    }
  }
  return { files, sets, inDoubt, lines: lines.length, length }
}

function fileOf({ number, content }: Line, path: string): Fingerprint | undefined {
  const { journal, file } = content as Partial<Header> & Note
  if (number === 0 && journal !== 1) {
    throw new StoreError('NotSupportedError', `${path} is a journal of another version, or of another program`)
  }
  return file ?? undefined
}
