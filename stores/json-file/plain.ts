/**
 * The file that people read and edit: a JSON array with one object a line, in the order of ids. Any other layout of the
 * same array is read as well: with a byte order mark, carriage returns, printed wide, in another order. An empty file
 * holds no objects. An object of objects by id is not read: written back, it would not be what its author wrote.
 */
import { isUtf8 } from 'node:buffer'
import { decode, stringify } from '../../lib/json.js'
import { describe } from '../../lib/value.js'
import { admit } from '../files/admit.js'
import { corrupt } from '../files/corrupt.js'
import { sealOf } from '../files/seal.js'
import type { Table } from '../table/table.js'
import { faultIn, lineAndColumn, startOfItem } from './locate.js'

const chunkLength = 2 ** 18

/** The objects as the bytes of a file, in parts. Costs one pass; nothing is kept of what was given out. */
export function* printPlain(objects: Iterable<object>): Generator<Buffer, undefined> {
  let text = '['
  let separator = '\n'
  for (const object of objects) {
    text += separator + stringify(object)
    separator = ',\n'
    if (text.length < chunkLength) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(separator === '\n' ? `${text}]\n` : `${text}\n]\n`)
}

export const damaged = 'the checksum does not fit, and nobody edited the file'

/** Puts the objects of a file into an empty table. What is no such array is a `CorruptError` with the place. */
export function loadPlain<T extends object>(
  table: Table<T>,
  { bytes, mtimeMs }: { readonly bytes: Buffer; readonly mtimeMs: number },
  { path, idProperty }: { readonly path: string; readonly idProperty: string },
): void {
  if (sealOf(bytes, mtimeMs) === 'damaged') throw corrupt(path, 'somewhere', damaged)
  const text = textOf(bytes, path)
  const items = parseItems(text, path)
  // without an escape, text that was read from UTF-8 is well-formed
  const wellFormed = !text.includes('\\u')
  // first the one character, which is a fast search, and mostly the last
  const marked = !wellFormed || (text.includes('$') && text.includes('"$'))
  for (let at = 0; at < items.length; at++) {
    try {
      const object = marked ? decode(items[at]) : items[at]
      table.set(admit(object, idProperty, wellFormed), object as T)
      if (table.size() === at) throw new Error(`the ${idProperty} is that of an object before it`)
    } catch (error) {
      throw corrupt(path, `item ${at + 1} (${lineAndColumn(text, startOfItem(text, at))})`, error)
    }
  }
}

/** The text of a file, without a byte order mark. */
function textOf(bytes: Buffer, path: string): string {
  if (!isUtf8(bytes)) throw corrupt(path, `line ${lineNotUtf8(bytes)}`, 'the text is not UTF-8')
  const text = bytes.toString()
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function lineNotUtf8(bytes: Buffer): number {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf('\n', start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
}

function parseItems(text: string, path: string): unknown[] {
  if (/^[\t\n\r ]*$/.test(text)) return []
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw corrupt(path, lineAndColumn(text, faultIn(text)), error)
  }
  if (Array.isArray(parsed)) return parsed
  throw corrupt(path, 'line 1', `${describe(parsed)} stands where an array of objects is expected`)
}
