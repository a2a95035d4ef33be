/** An object as a file that people read and edit: indented JSON, and a seal that nobody sees. */
import { isUtf8 } from 'node:buffer'
import { StoreError } from '../../lib/errors.js'
import { decode, stringify } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import { admit, isMarked } from '../files/admit.js'
import { corrupt } from '../files/corrupt.js'
import type { FileContent } from '../files/read-file.js'
import { sealed, sealOf } from '../files/seal.js'
import { faultIn, lineAndColumn } from '../json-file/locate.js'
import { nameOf, readName, tellsId } from './file-name.js'
import type { Form } from './form.js'

export interface Document<T extends object> {
  readonly key: Id
  readonly object: T
}

export interface Printing {
  /** The name of the file. */
  readonly name: string
  readonly form: Form | undefined
  /** The time of modification that it is given. */
  readonly mtimeMs: number
}

/** The bytes of a file. */
export function printDocument(object: object, { name, form, mtimeMs }: Printing): Buffer {
  const shown = form && tellsId(name) ? form.print(object) : object
  return sealed(`${stringify(shown, 2)}\n`, mtimeMs)
}

export interface DocumentPlace {
  readonly path: string
  /** The name of the file. */
  readonly name: string
  readonly idProperty: string
  readonly form?: Form | undefined
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
  const value = identified(parse(text, path), place)
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

/** A file that was made by hand need not say its id, nor one whose form leaves it out. */
function identified(value: unknown, { name, idProperty, form }: DocumentPlace): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isMarked(value)) return value
  if (!form && Object.hasOwn(value, idProperty)) return value
  const { id } = readName(name)
  if (id === undefined) return value
  return form ? form.read(value, id) : { [idProperty]: id, ...value }
}
