/**
 * The intent: one file that holds all changes of a transaction before the first of its files is touched. Whoever opens the
 * directory after a crash finds it and makes the changes, again or for the first time.
 */
import { join } from 'node:path'
import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Coordinator, Id } from '../../lib/store.js'
import { admit } from '../files/admit.js'
import { corrupt } from '../files/corrupt.js'
import { printLine, readLine } from '../files/log-line.js'
import { readFile } from '../files/read-file.js'
import type { Folder } from './folder.js'

/** What becomes of a file: it holds this object, or goes. */
export interface Fate {
  readonly key: Id
  readonly object?: object | undefined
}

export interface Intent {
  /** Who decides whether the changes are made; nobody, if that is decided. */
  readonly coordinator?: Coordinator | undefined
  readonly fates: readonly Fate[]
}

export const intentName = '.holdfast-intent'

export function printIntent({ coordinator, fates }: Intent): Buffer {
  const changes = fates.map(({ key, object }) => (object ? { put: object } : { delete: key }))
  return Buffer.from(printLine(0, 0, { intent: 1, ...(coordinator && { coordinator }), changes }))
}

/** The intent that lies in a directory. It is put there whole, so one that is not as it was written is a `CorruptError`. */
export async function readIntent({ fileSystem, path, maxFile, idProperty }: Folder): Promise<Intent | undefined> {
  const place = join(path, intentName)
  const content = await readFile(fileSystem, place, maxFile)
  if (!content) return undefined
  const { bytes } = content
  const line = bytes.at(-1) === feed ? readLine(bytes.subarray(0, -1)) : undefined
  if (!line) throw corrupt(place, 'line 1', 'the checksum does not fit')
  const { intent, coordinator, changes } = line.content as Written
  if (intent !== 1) throw new StoreError('NotSupportedError', `${place} is of another version, or of another program`)
  return { coordinator, fates: changes.map(each => fateOf(each, idProperty)) }
}

interface Written {
  readonly intent: number
  readonly coordinator?: Coordinator
  readonly changes: readonly ({ readonly put: object } | { readonly delete: Id })[]
}

function fateOf(change: Written['changes'][number], idProperty: string): Fate {
  if ('put' in change) return { key: admit(change.put, idProperty), object: change.put }
  return { key: toKey(checkId(change.delete)) }
}

const feed = '\n'.charCodeAt(0)
