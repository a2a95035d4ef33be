import { join } from 'node:path'
import { type ErrorName, isStoreError, type StoreError } from '../../lib/errors.js'
import { codeOf } from '../files/file-error.js'
import type { FileStat, FileSystem } from '../files/file-system.js'
import { readFile } from '../files/read-file.js'
import { type Document, readDocument } from './document.js'
import type { Form } from './form.js'

export interface FolderOptions {
  readonly fileSystem: FileSystem
  /** Where it really lies. */
  readonly path: string
  readonly idProperty: string
  /** The largest file that is read, in bytes. */
  readonly maxFile: number
  readonly form?: Form | undefined
}

/** The directory. */
export interface Folder extends FolderOptions {
  /** Under which name a file lies, where that is not the one that the store gives it. */
  readonly aliases: Map<string, string>
  /** The files that are not served, whatever is in them, and why. */
  readonly strangers: Map<string, StoreError>
  /** The path of a file that the store names so. */
  pathOf(name: string): string
  /** Reads a file that the store names so; `undefined` if there is none. What cannot be served is an error. */
  read<T extends object>(name: string): Promise<ReadDocument<T> | undefined>
}

export interface ReadDocument<T extends object> extends Document<T> {
  readonly stat: FileStat
}

export function folder(options: FolderOptions): Folder {
  const { fileSystem, path, idProperty, maxFile, form } = options
  const aliases = new Map<string, string>()

  async function read<T extends object>(name: string): Promise<ReadDocument<T> | undefined> {
    const lies = aliases.get(name) ?? name
    const place = { path: join(path, lies), name: lies, idProperty, form }
    const content = await readFile(fileSystem, place.path, maxFile)
    return content && { ...readDocument<T>(content, place), stat: content.stat }
  }

  return { ...options, aliases, strangers: new Map(), pathOf: name => join(path, aliases.get(name) ?? name), read }
}

/** Is it the file that is wrong? Where the system refuses to read it, nobody knows, and no query may go on without it. */
export function isFault(error: unknown): error is StoreError {
  if (!isStoreError(error) || !faults.has(error.name)) return false
  return error.name === 'NotSupportedError' || codeOf(error.cause) === undefined
}

const faults = new Set<ErrorName>(['CorruptError', 'NotSupportedError', 'QuotaExceededError'])
