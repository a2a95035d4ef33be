/**
 * A line of an audit log: the SHA-256 of the rest, a blank, and extended JSON with the hash of the line before. So each line vouches
 * for all before it, and none can be changed, left out or moved without changing all after it.
 */
import { createHash } from 'node:crypto'
import { parse, stringify } from '../../../lib/json.js'

export interface LogLine {
  /** From 1, over all days, without gaps. */
  readonly number: number
  readonly at: Date
  readonly type: string
  /** Whom it concerns. */
  readonly users?: readonly string[]
  readonly data?: object
  /** The number of the entry of the journal that it records. */
  readonly entry?: number
  /** Is it part of the audit log? */
  readonly audited?: true
  /** The hash of the line before. */
  readonly previous: string
}

/** A line as it lies in the file. */
export interface Printed {
  readonly hash: string
  /** The JSON that was hashed. */
  readonly text: string
}

/** What the first line says of the one before. */
export const beginning = '0'.repeat(64)

export function print(line: LogLine): Printed {
  const text = stringify(line)
  return { hash: hashOf(text), text }
}

export const hashOf = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

export interface Read extends Printed {
  readonly line: LogLine
  /** Is the hash that of the text? */
  readonly intact: boolean
}

/** Reads a line without its line feed; `undefined` if it is none. */
export function read(bytes: Buffer): Read | undefined {
  const hash = bytes.toString('latin1', 0, 64)
  if (!/^[\da-f]{64}$/.test(hash) || bytes[64] !== 32) return undefined
  const json = bytes.subarray(65)
  const text = json.toString()
  try {
    const line = parse(text) as LogLine
    const isLine = Number.isSafeInteger(line?.number) && line.at instanceof Date && typeof line.type === 'string'
    return isLine ? { line, hash, text, intact: hashOf(json) === hash } : undefined
  } catch {
    return undefined
  }
}

/** The pieces between line feeds, and how far they reach: what follows the last line feed is no line. */
export function linesOf(bytes: Buffer): { readonly lines: readonly Buffer[]; readonly length: number } {
  const lines: Buffer[] = []
  let length = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    lines.push(bytes.subarray(length, end))
    length = end + 1
  }
  return { lines, length }
}

const fileName = /^(\d{4}-\d\d-\d\d)\.log$/

/** The days of which there is a file. */
export function daysIn(names: readonly string[]): string[] {
  return names.flatMap(name => fileName.exec(name)?.[1] ?? []).sort()
}

/** The day of a moment, as its file is called. */
export const dayOf = (at: Date) => at.toISOString().slice(0, 10)
