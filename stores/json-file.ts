import { constants } from 'node:buffer'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import type { IdentityOptions } from '../lib/identity.js'
import type { Data, Id, Store } from '../lib/store.js'
import { describe } from '../lib/value.js'
import { removeStrays } from './files/durable-replace.js'
import { type FileSystem, nodeFileSystem } from './files/file-system.js'
import { realPath } from './files/real-path.js'
import { compaction } from './json-file/compaction.js'
import { journal } from './json-file/journal.js'
import { type Opened, openBeside, openFiles } from './json-file/open.js'
import { persistence } from './json-file/persistence.js'
import type { IndexDefinition } from './table/index.js'
import { type ReadonlyTableStore, readonlyTable } from './table/readonly.js'
import { type TableStore, tableStore } from './table/store.js'

export { type Dropped, type Recovered, type RecoverOptions, recover } from './json-file/recover.js'

export interface JsonFileOptions extends IdentityOptions {
  /** The file. It need not exist, its directory must. A symbolic link is followed when the store is opened. */
  readonly path: string
  /**
   * When a write is acknowledged: `'strict'` (the default), when a power cut cannot take it back; `'relaxed'`, when the
   * operating system has it, so that it survives the end of the process.
   */
  readonly durability?: 'strict' | 'relaxed' | undefined
  /** Properties to keep in order, so that equality and ranges are answered without a scan. */
  readonly indexes?: readonly IndexDefinition[] | undefined
  /**
   * The largest file to open, and the most bytes that file and journal may have together. 512 MiB, what
   * one string can hold, is the default and the most.
   */
  readonly maxFile?: number | undefined
  /** The bytes of journal from which on the file is brought up to date, if it is not larger itself. 1 MiB by default. */
  readonly compactAt?: number | undefined
  /** Gives a store that cannot be written to, and touches nothing on the disk, so that any number may be open. */
  readonly readonly?: boolean | undefined
  /** What stands in for the disk. */
  readonly fileSystem?: FileSystem | undefined
  /** Makes the unpredictable part of temporary names: 16 hexadecimal digits. */
  readonly random?: (() => string) | undefined
  /** The time, in milliseconds since 1970. */
  readonly clock?: (() => number) | undefined
}

/** What one string can hold. */
const largest = constants.MAX_STRING_LENGTH

export type JsonFileStore<T extends object, K extends Id = Id> = TableStore<T, K>
export type ReadonlyJsonFileStore<T extends object, K extends Id = Id> = ReadonlyTableStore<T, K>

/**
 * Opens a store in one JSON file that people can read and edit, with a journal beside it: a write is one line appended to
 * `<path>.journal`, and writes that come together share one sync. The journal goes into the file when it has grown long,
 * and on `close`, which removes it. All objects are in memory; to open costs little more than `JSON.parse` of the file.
 *
 * Fails here, touching nothing: a `CorruptError` with the place if file or journal are damaged (see `recover`) or if the
 * file was edited while its journal still held changes; an `InvalidStateError` that names the process which has the file
 * open; a `QuotaExceededError` if it is larger than `maxFile`; a `NotSupportedError` if it is no regular file.
 */
export async function jsonFile<T extends object = Data, K extends Id = Id>(
  options: JsonFileOptions & { readonly readonly: true },
): Promise<ReadonlyJsonFileStore<T, K>>
export async function jsonFile<T extends object = Data, K extends Id = Id>(
  options: JsonFileOptions,
): Promise<JsonFileStore<T, K>>
export async function jsonFile<T extends object, K extends Id>(options: JsonFileOptions): Promise<Store<T, K>> {
  checkOptions(options)
  const { path, readonly = false, fileSystem = nodeFileSystem, maxFile = largest, ...others } = options
  const real = await realPath(fileSystem, path)
  const files = {
    fileSystem,
    path: real,
    journalPath: `${real}.journal`,
    maxFile: Math.min(maxFile, largest),
    idProperty: others.idProperty ?? 'id',
    readonly,
  }
  const { durability = 'strict' } = options
  const open = readonly ? openToRead : openToWrite
  const { store, size } = await open<T, K>(files, { ...others, durability })
  return introduce(store, {
    name: 'jsonFile',
    options: { path: real, readonly, durability },
    idProperty: files.idProperty,
    numbers: () => ({ objects: size() }),
  })
}

type Files = Parameters<typeof openFiles>[0]
type Others = Omit<JsonFileOptions, 'path' | 'maxFile' | 'fileSystem' | 'readonly'>

async function openToRead<T extends object, K extends Id>(files: Files, { indexes = [], ...others }: Others) {
  const { table } = await openBeside<T>(files)
  for (const each of indexes) table.addIndex(each)
  return { store: readonlyTable(tableStore<T, K>({ table, ...others })) as Store<T, K>, size: table.size }
}

async function openToWrite<T extends object, K extends Id>(files: Files, { indexes = [], ...others }: Others) {
  const { fileSystem, path } = files
  const release = await fileSystem.exclusive(path)
  try {
    await removeStrays(fileSystem, path)
    const opened = await openFiles<T>(files)
    const { table } = opened
    for (const each of indexes) table.addIndex(each)
    const { persist, prepare, end } = await begin(files, opened, others)
    const closed = () => end().finally(release)
    return {
      store: tableStore<T, K>({ table, persist, prepare, closed, ...others }) as Store<T, K>,
      size: table.size,
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function begin<T extends object>(
  { fileSystem, path, journalPath, maxFile }: Files,
  { table, stat, file, journal: content, decided }: Opened<T>,
  { durability, compactAt = 2 ** 20, random, clock }: Others,
) {
  const mode = (stat?.mode ?? 0o600) & 0o666
  const log = journal({ fileSystem, path: journalPath, content, file, mode, sync: durability === 'strict' })
  try {
    // a journal without changes may be that of a file that was edited since
    const needed = content.sets.length > 0 || decided
    if (content.lines > 0) await (needed ? log.settle() : log.begin(file))
    if (needed && decided !== undefined) await log.decide(decided)
  } catch (error) {
    await log.close()
    throw error
  }
  const objects = () => table.find(undefined).objects
  const compact = compaction({ fileSystem, path, journal: log, stat, objects, random, clock })
  return persistence<T>({ journal: log, compaction: compact, compactAt, maxFile })
}

function checkOptions({ path, durability, maxFile, compactAt }: JsonFileOptions): void {
  if (typeof path !== 'string' || path === '') throw new TypeError(`path is the path of a file, not ${describe(path)}`)
  for (const [name, bytes] of Object.entries({ maxFile, compactAt })) {
    if (bytes !== undefined && !(bytes >= 0)) throw new TypeError(`${name} is a number of bytes, not ${bytes}`)
  }
  if (durability !== undefined && durability !== 'strict' && durability !== 'relaxed') {
    throw new StoreError('NotSupportedError', `durability can be 'strict' or 'relaxed', not ${durability}`)
  }
}
