import { StoreError } from '../../lib/errors.js'
import { readLog } from '../files/read-log.js'

/** The first line of a transaction log. */
export interface Header {
  readonly transactions: 1
}
/** The transaction of this id commits. */
export interface Committed {
  readonly commit: string
}
/** All who took part in it have done so: it may be forgotten. */
export interface Done {
  readonly done: string
}

export interface Decisions {
  /** The transactions that commit. */
  readonly committed: ReadonlySet<string>
  /** Those of them of which not everybody may know it yet. */
  readonly pending: ReadonlySet<string>
  readonly lines: number
  /** The bytes of the good lines. */
  readonly length: number
}

/** Reads a transaction log. A torn end, of which nobody was told, is left out; other damage is a `CorruptError`. */
export function readDecisions(bytes: Buffer, path: string): Decisions {
  const { lines, length } = readLog(bytes, path)
  const committed = new Set<string>()
  const pending = new Set<string>()
  for (const { number, content } of lines) {
    const { transactions, commit, done } = content as Partial<Header & Committed & Done>
    if (number === 0 && transactions !== 1) {
      throw new StoreError('NotSupportedError', `${path} is no transaction log of this version`)
    }
    if (commit !== undefined) {
      committed.add(commit)
      pending.add(commit)
    }
    if (done !== undefined) pending.delete(done)
  }
  return { committed, pending, lines: lines.length, length }
}
