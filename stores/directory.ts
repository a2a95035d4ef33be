import { constants } from 'node:buffer'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { feed } from '../lib/feed.js'
import type { IdentityOptions } from '../lib/identity.js'
import type { Data, Id, Options, Store } from '../lib/store.js'
import { describe } from '../lib/value.js'
import { beginDirectory } from './directory/begin.js'
import type { Form } from './directory/form.js'
import type { Problem } from './directory/problems.js'
import { type FileSystem, nodeFileSystem } from './files/file-system.js'
import { realPath } from './files/real-path.js'
import type { IndexDefinition } from './table/index.js'

export type { Form } from './directory/form.js'
export type { Problem } from './directory/problems.js'

export interface DirectoryOptions extends IdentityOptions {
  /** The directory. It is made if it is not there; its own directory must be. A symbolic link is followed on opening. */
  readonly path: string
  /**
   * How many of the objects that were read stay in memory: `'all'` (the default), `'none'`, or so many, those that were used
   * last. With an index all of them stay. Of an object that has left, some 200 bytes stay.
   */
  readonly keep?: 'all' | 'none' | number | undefined
  /** When files are read: `'lazy'` (the default), each when it is first needed, or `'all'` on opening. */
  readonly load?: 'lazy' | 'all' | undefined
  /** Notices what other programs write: reads see it, and who follows is told. */
  readonly watch?: boolean | undefined
  /**
   * Lets several processes of this machine write, all of which must say so: each call waits for the turn of its process.
   */
  readonly shared?: boolean | undefined
  /**
   * When a write is acknowledged: `'strict'` (the default), when a power cut cannot take it back; `'relaxed'`, when the
   * operating system has it, so that it survives the end of the process.
   */
  readonly durability?: 'strict' | 'relaxed' | undefined
  /** Properties to keep in order, so that equality and ranges are answered without a scan. All files are read on opening. */
  readonly indexes?: readonly IndexDefinition[] | undefined
  /** The largest file to read or write, in bytes. 512 MiB, what one string can hold, is the default and the most. */
  readonly maxFile?: number | undefined
  /** Gives a store that cannot be written to, and touches nothing on the disk, so that any number may be open. */
  readonly readonly?: boolean | undefined
  /** How an object stands in its file: as it is, if not given. */
  readonly form?: Form | undefined
  /** What stands in for the disk. */
  readonly fileSystem?: FileSystem | undefined
  /** Makes the unpredictable part of temporary names: 16 hexadecimal digits. */
  readonly random?: (() => string) | undefined
  /** The time that files are given, in milliseconds since 1970. */
  readonly clock?: (() => number) | undefined
}

export interface Problems {
  /** Reads every file that has not been read, and says which are not served, and why: the rest of the store does its work. */
  problems(options?: Options): Promise<readonly Problem[]>
}

export type DirectoryStore<T extends object, K extends Id = Id> = Required<Store<T, K>> & Problems
export type ReadonlyDirectoryStore<T extends object, K extends Id = Id> = Omit<
  DirectoryStore<T, K>,
  'put' | 'add' | 'delete' | 'subscribe' | 'transaction'
>

/** What one string can hold. */
const largest = constants.MAX_STRING_LENGTH

/**
 * Opens a store in a directory: each object is one file of indented JSON, named after its id, that people read, edit, add
 * and delete. To open costs little more than to list the directory; files are read when they are first needed, and what was
 * read stays in memory. A query that does not name ids reads all files. A write of one object is one new file, renamed over
 * the old; transactions over several are whole after any crash.
 *
 * A file that is damaged blocks nothing but its own object: reading or writing that is a `CorruptError` that names the file,
 * queries go on without it, and `problems` lists it. Fails here with an `InvalidStateError` that names the process which has
 * the directory open, a `NotSupportedError` if it is no directory, a `NotFoundError` if its parent is missing.
 */
export async function directory<T extends object = Data, K extends Id = Id>(
  options: DirectoryOptions & { readonly readonly: true },
): Promise<ReadonlyDirectoryStore<T, K>>
export async function directory<T extends object = Data, K extends Id = Id>(
  options: DirectoryOptions,
): Promise<DirectoryStore<T, K>>
export async function directory<T extends object, K extends Id>(
  options: DirectoryOptions,
): Promise<Store<T, K> & Problems> {
  checkOptions(options)
  const { path, fileSystem = nodeFileSystem, idProperty = 'id', maxFile = largest, keep = 'all', ...others } = options
  const real = await realPath(fileSystem, path)
  const store = await beginDirectory<T, K>({
    ...others,
    fileSystem,
    path: real,
    idProperty,
    maxFile: Math.min(maxFile, largest),
    max: keep === 'all' ? Number.POSITIVE_INFINITY : keep === 'none' ? 0 : keep,
    changes: feed<T, Id>(),
  })
  const { durability = 'strict', readonly = false, shared = false } = options
  const said = { path: real, keep, durability, readonly, shared }
  return introduce(store, { name: 'directory', options: said, idProperty })
}

function checkOptions({
  path,
  keep = 'all',
  maxFile,
  indexes = [],
  shared,
  readonly,
  ...options
}: DirectoryOptions): void {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`path is the path of a directory, not ${describe(path)}`)
  }
  if (maxFile !== undefined && !(maxFile >= 0)) throw new TypeError(`maxFile is a number of bytes, not ${maxFile}`)
  if (keep !== 'all' && keep !== 'none' && !(Number.isSafeInteger(keep) && keep >= 0)) {
    throw new TypeError(`keep is 'all', 'none' or a number of objects, not ${String(keep)}`)
  }
  if (keep !== 'all' && indexes.length > 0) throw unable('an index is of all objects, so they must all be kept')
  if (shared && readonly) throw unable('who only reads does not take part in sharing: leave out shared')
  oneOf('durability', options.durability, ['strict', 'relaxed'])
  oneOf('load', options.load, ['lazy', 'all'])
}

function oneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return
  throw unable(`${name} can be ${known.map(each => `'${each}'`).join(' or ')}, not ${value}`)
}

function unable(message: string): StoreError {
  return new StoreError('NotSupportedError', message)
}
