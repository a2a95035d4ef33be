import { constants } from 'node:buffer'
import { StoreError } from '../../lib/errors.js'
import { stringify } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { admit } from '../files/admit.js'
import { durableReplace } from '../files/durable-replace.js'
import { fileError, ifExists } from '../files/file-error.js'
import { type FileSystem, nodeFileSystem } from '../files/file-system.js'
import { readLine } from '../files/log-line.js'
import { readFile } from '../files/read-file.js'
import { realPath } from '../files/real-path.js'
import { sealing, sealOf } from '../files/seal.js'
import { type Table, table } from '../table/table.js'
import { wasCommitted } from '../transaction-log.js'
import { fingerprint, isSameContent } from './fingerprint.js'
import type { Decision, Entry, Header, Prepare } from './journal-line.js'
import { replay } from './open.js'
import { damaged, printPlain } from './plain.js'
import { type Piece, salvageItems } from './salvage.js'

export interface RecoverOptions {
  /** The damaged file. */
  readonly path: string
  /** The new file, which must not exist. */
  readonly to: string
  readonly idProperty?: string | undefined
  readonly fileSystem?: FileSystem | undefined
}

/** Something that is not in the new file. */
export interface Dropped {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
  /** Its text, or the first 1,000 characters of it. */
  readonly text: string
}

export interface Recovered {
  /** How many objects the new file holds. */
  readonly kept: number
  /** What it does not hold, and why. */
  readonly dropped: readonly Dropped[]
}

/**
 * Writes what can be read of a damaged JSON file and its journal into a new file, and reports what it had to leave out.
 * The two files are left as they are. Where the file was edited while its journal held changes, the journal wins, and the
 * object of the file is reported. The store must not be open. Reads both files as a whole.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { path, to, idProperty = 'id', fileSystem = nodeFileSystem } = options
  const real = await realPath(fileSystem, path)
  const target = await realPath(fileSystem, to)
  const release = await fileSystem.exclusive(real)
  try {
    if (await exists(fileSystem, target)) {
      throw new StoreError('ConstraintError', `${target} exists already: recover writes to a new file only`)
    }
    const file = await readFile(fileSystem, real, constants.MAX_STRING_LENGTH)
    const journal = await readFile(fileSystem, `${real}.journal`, constants.MAX_LENGTH)
    if (!file && !journal) throw new StoreError('NotFoundError', `there is nothing at ${real}`)
    const salvage: Salvage = { path: real, idProperty, objects: table(), dropped: [] }
    const found = salvageFile(file?.bytes ?? Buffer.alloc(0), salvage)
    if (file && sealOf(file.bytes, file.stat.mtimeMs) === 'damaged')
      drop(salvage, 1, `${damaged}: a value may be wrong`, '')
    if (journal) await salvageJournal(fileSystem, journal.bytes, { ...salvage, path: `${real}.journal` })
    if (journal && !belongTogether(file?.bytes, journal.bytes)) reportReplaced(found, salvage)
    const mtimeMs = Date.now()
    const content = sealing(printPlain(salvage.objects.find(undefined).objects), mtimeMs)
    await durableReplace(fileSystem, target, content, { mtimeMs })
    return { kept: salvage.objects.size(), dropped: salvage.dropped }
  } finally {
    await release()
  }
}

async function exists(fileSystem: FileSystem, path: string): Promise<boolean> {
  try {
    return (await ifExists(fileSystem.lstat(path))) !== undefined
  } catch (cause) {
    throw fileError(`${path} cannot be looked at`, cause)
  }
}

interface Salvage {
  readonly path: string
  readonly idProperty: string
  readonly objects: Table<object>
  readonly dropped: Dropped[]
}

function drop({ path, dropped }: Salvage, line: number, reason: unknown, text: string): void {
  const message = reason instanceof Error ? reason.message : String(reason)
  dropped.push({ path, line, reason: message, text: text.slice(0, 1000) })
}

/** Takes the objects of the file; gives the piece in which each was found. */
function salvageFile(bytes: Buffer, salvage: Salvage): Map<Id, Piece> {
  const { objects, idProperty } = salvage
  const found = new Map<Id, Piece>()
  for (const piece of salvageItems(bytes)) {
    try {
      if (piece.value === undefined) throw new Error('it cannot be read')
      const key = admit(piece.value, idProperty)
      if (found.has(key)) throw new Error(`the ${idProperty} is that of an object before it`)
      found.set(key, piece)
      objects.set(key, piece.value as object)
    } catch (reason) {
      drop(salvage, piece.line, reason, piece.text)
    }
  }
  return found
}

async function salvageJournal(fileSystem: FileSystem, bytes: Buffer, salvage: Salvage): Promise<void> {
  let prepared: Prepare | undefined
  const lines = linesOf(bytes)
  const replaySet = (set: readonly Entry[], line: number) => {
    for (const entry of set) {
      try {
        replay(salvage.objects, entry, salvage.idProperty)
      } catch (reason) {
        drop(salvage, line, reason, stringify(entry))
      }
    }
  }
  for (const [at, line] of lines.entries()) {
    const content = readLine(line)?.content as (Partial<Prepare & Decision> & readonly Entry[]) | undefined
    if (!content) drop(salvage, at + 1, 'the checksum does not fit', line.toString())
    else if (content.prepare) prepared = content as unknown as Prepare
    else if (content.commit !== undefined) {
      if (content.commit && prepared) replaySet(prepared.set, at + 1)
      prepared = undefined
    } else if (Array.isArray(content)) replaySet(content, at + 1)
  }
  if (!prepared) return
  try {
    if (await wasCommitted(fileSystem, prepared.prepare)) replaySet(prepared.set, lines.length)
  } catch (reason) {
    drop(salvage, lines.length, `it is in doubt: ${(reason as Error).message}`, stringify(prepared.set))
  }
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf('\n', start)
    const end = found === -1 ? bytes.length : found
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return lines
}

/** Does the journal know the file as it is? */
function belongTogether(file: Buffer | undefined, journal: Buffer): boolean {
  const print = file && fingerprint(file)
  return linesOf(journal).some(line => {
    const content = readLine(line)?.content
    if (!content || Array.isArray(content)) return false
    return isSameContent((content as Header).file ?? undefined, print)
  })
}

/** What was in the file is not what is kept. */
function reportReplaced(found: ReadonlyMap<Id, Piece>, salvage: Salvage): void {
  for (const [key, { line, text, value }] of found) {
    const kept = salvage.objects.get(key)
    if (!equal(kept, value)) drop(salvage, line, `the journal ${kept ? 'has another version' : 'deletes it'}`, text)
  }
}
