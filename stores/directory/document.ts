/** An object as a file that people read and edit: indented JSON, and a seal that nobody sees. */
import { isUtf8 } from 'node:buffer'
import { StoreError } from '../../lib/errors.js'
import { decode, stringify } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import { admit } from '../files/admit.js'
import { corrupt } from '../files/corrupt.js'
import type { FileContent } from '../files/read-file.js'
import { sealed, sealOf } from '../files/seal.js'
import { faultIn, lineAndColumn } from '../json-file/locate.js'
import { nameOf, readName } from './file-name.js'

export interface Document<T extends object> {
  readonly key: Id
  readonly object: T
}

/** The bytes of a file that is given this time of modification. */
export function printDocument(object: object, mtimeMs: number): Buffer {
  return sealed(`${stringify(object, 2)}\n`, mtimeMs)
}

export interface DocumentPlace {
  readonly path: string
  /** The name of the file. */
  readonly name: string
  readonly idProperty: string
}

/** The object of a file, which must be the one that its name says. Anything else is a `CorruptError` with the place. */
export function readDocument<T extends object>(content: FileContent, place: DocumentPlace): Document<T> {
  const { path, name, idProperty } = place
  const { bytes, stat } = content
  if (stat.nlink > 1) throw new StoreError('NotSupportedError', `${path} has ${stat.nlink} names, and is not read`)
  if (!isUtf8(bytes)) throw corrupt(path, 'somewhere', 'the text is not UTF-8')
  if (sealOf(bytes, stat.mtimeMs) === 'damaged') {
    throw corrupt(path, 'somewhere', 'the checksum does not fit, and nobody edited the file')
  }
  const text = bytes.toString().replace(/^\ufeff/, '')
  const value = identified(parse(text, path), name, idProperty)
  try {
    const key = admit(value, idProperty, !text.includes('\\u'))
    if (nameOf(key) === readName(name).name) return { key, object: value as T }
    throw new StoreError('DataError', `the ${idProperty} is ${JSON.stringify(key)}, which is not that of its name`)
  } catch (error) {
    throw corrupt(path, 'the object', error)
  }
}

function parse(text: string, path: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw corrupt(path, lineAndColumn(text, faultIn(text)), error)
  }
  try {
    return decode(value)
  } catch (error) {
    throw corrupt(path, 'the object', error)
  }
}

/** A file that was made by hand need not say its id. */
function identified(value: unknown, name: string, idProperty: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.hasOwn(value, idProperty))
    return value
  const { id } = readName(name)
  return id === undefined ? value : { [idProperty]: id, ...value }
}
