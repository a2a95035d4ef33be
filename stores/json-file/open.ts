import { isStoreError, StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import { admit } from '../files/admit.js'
import { corrupt } from '../files/corrupt.js'
import type { FileStat, FileSystem } from '../files/file-system.js'
import { readFile } from '../files/read-file.js'
import { type Table, table } from '../table/table.js'
import { wasCommitted } from '../transaction-log.js'
import { type Fingerprint, fingerprint, isSameContent } from './fingerprint.js'
import type { Entry } from './journal-line.js'
import { loadPlain } from './plain.js'
import { type JournalContent, readJournal } from './read-journal.js'

export interface OpenOptions {
  readonly fileSystem: FileSystem
  readonly path: string
  readonly journalPath: string
  /** The largest file that is read, in bytes. */
  readonly maxFile: number
  readonly idProperty: string
  /** Is everything to be left as it is? */
  readonly readonly: boolean
}

/** What lies on the disk. */
export interface Opened<T extends object> {
  /** All objects: those of the file with the changes of the journal. */
  readonly table: Table<T>
  readonly stat: FileStat | undefined
  readonly file: Fingerprint | undefined
  readonly journal: JournalContent
  /** What was decided about a change set that the journal holds in doubt. */
  readonly decided: boolean | undefined
}

const nothing = Buffer.alloc(0)

/** Reads the file and its journal. Changes neither. */
export async function openFiles<T extends object>(options: OpenOptions): Promise<Opened<T>> {
  const { fileSystem, path, journalPath, maxFile, idProperty, readonly } = options
  // the journal first: a file that another process brings up to date after that has all that the journal says, and more
  const changes = await readFile(fileSystem, journalPath, maxFile)
  const content = await readFile(fileSystem, path, maxFile)
  const objects = table<T>()
  loadPlain(objects, { bytes: content?.bytes ?? nothing, mtimeMs: content?.stat.mtimeMs ?? 0 }, { path, idProperty })
  const file = content && fingerprint(content.bytes)
  const journal = readJournal(changes?.bytes ?? nothing, journalPath)
  const { inDoubt } = journal
  const decided = inDoubt && (await wasCommitted(fileSystem, inDoubt.coordinator, { readonly }))
  const sets = inDoubt && decided ? [...journal.sets, inDoubt.set] : journal.sets
  if (sets.length > 0 && !journal.files.some(each => isSameContent(each, file))) {
    throw editedBetween(path, journalPath, sets.length)
  }
  for (const [at, set] of sets.entries()) {
    try {
      for (const entry of set) replay(objects, entry, idProperty)
    } catch (error) {
      throw corrupt(journalPath, `change set ${at + 1}`, error)
    }
  }
  return { table: objects, stat: content?.stat, file, journal, decided }
}

/** Reads beside a process that writes: looks again where the two files were of different moments. */
export async function openBeside<T extends object>(options: OpenOptions, attempts = 3): Promise<Opened<T>> {
  try {
    return await openFiles(options)
  } catch (error) {
    if (attempts === 1 || !isStoreError(error, 'CorruptError')) throw error
    return openBeside(options, attempts - 1)
  }
}

/** Makes a change that a journal holds. */
export function replay<T extends object>(objects: Table<T>, entry: Entry, idProperty: string): void {
  if ('put' in entry) objects.set(admit(entry.put, idProperty), entry.put as T)
  else objects.delete(toKey(entry.delete))
}

function editedBetween(path: string, journalPath: string, sets: number): StoreError {
  return new StoreError(
    'CorruptError',
    `${path} is not the file that its journal belongs to: it was edited while the journal still held ${sets} acknowledged ` +
      `change sets for it. Nothing was changed. Delete ${journalPath} to keep the file alone; recover({ path, to }) writes ` +
      'both into a new file',
  )
}
