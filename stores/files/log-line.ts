/**
 * A line of a log: checksum of the rest, number of the line from 0, how many lines were sure to last when it was written,
 * and JSON, as in `a1b2c3d4:17:16:[{"put":{"id":1}},{"delete":2}]`. It ends with a line feed, which JSON has not.
 */
import { parse, stringify } from '../../lib/json.js'
import { checksum } from './checksum.js'

export interface Line {
  readonly number: number
  readonly lasting: number
  readonly content: object
}

export function printLine(number: number, lasting: number, content: object): string {
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
