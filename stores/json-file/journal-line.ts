/**
 * A line of the journal: checksum of the rest, number of the line from 0, how many lines were sure to last when it was
 * written, and JSON, as in `a1b2c3d4:17:16:[{"put":{"id":1}},{"delete":2}]`. It ends with a line feed, which JSON has not.
 */
import { parse, stringify } from '../../lib/json.js'
import type { Id } from '../../lib/store.js'
import type { Decided } from '../table/write.js'
import { checksum, type Fingerprint } from './fingerprint.js'

/** One change, as it is written. */
export type Entry = { readonly put: object } | { readonly delete: Id }

/** The first line: the format, and the content of the file when the journal was begun; `null` if there was no file. */
export interface Header {
  readonly journal: 1
  readonly file: Fingerprint | null
}

/** All lines before this one are in the file too, once it has this content. */
export interface Note {
  readonly file: Fingerprint
}

export interface Line {
  readonly number: number
  readonly lasting: number
  readonly content: object
}

export function printLine(number: number, lasting: number, content: Header | Note | readonly Entry[]): string {
  const text = `${number}:${lasting}:${stringify(content)}`
  return `${checksum(text)}:${text}\n`
}

/** Reads a line without its line feed; `undefined` if it is not as it was written. */
export function readLine(bytes: Buffer): Line | undefined {
  if (bytes.toString('latin1', 0, 8) !== checksum(bytes.subarray(9))) return undefined
  const [, number, lasting, text] = /^[\da-f]{8}:(\d+):(\d+):([[{].*)$/s.exec(bytes.toString()) ?? []
  if (text === undefined) return undefined
  return { number: Number(number), lasting: Number(lasting), content: parse(text) as object }
}

/** Could these be the first bytes of a line of this number? */
export function isStartOfLine(bytes: Buffer, number: number): boolean {
  const text = bytes.toString('latin1', 0, 64)
  const start = `:${number}:`
  return /^[\da-f]*$/.test(text.slice(0, 8)) && start.startsWith(text.slice(8, 8 + start.length))
}

export function entryOf({ object, key }: Decided<object>): Entry {
  return object ? { put: object } : { delete: key }
}
