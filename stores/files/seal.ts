/**
 * A seal: a last line of blanks and tabs that nobody sees and JSON takes for white space. It holds a checksum of the text
 * before it, and the time of modification that the file was given when it was written. Where the text does not fit the
 * checksum, the time tells who changed it: who edits a file gives it another time, and a disk that decays does not.
 */
import { crc32 } from 'node:zlib'

/**
 * `'none'`: nobody sealed it, or the line is gone. `'good'`: as it was written. `'edited'`: somebody changed it since.
 * `'damaged'`: it changed by itself.
 */
export type SealState = 'none' | 'good' | 'edited' | 'damaged'

const bits = 64

/** The text, which ends with a line feed, with its seal, for a file that is given this time of modification. */
export function sealed(text: string, mtimeMs: number): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes, seal(crc32(bytes), mtimeMs)])
}

/** The same for a text that comes in parts. */
export function* sealing(chunks: Iterable<Uint8Array>, mtimeMs: number): Generator<Uint8Array, undefined> {
  let crc = 0
  for (const chunk of chunks) {
    crc = crc32(chunk, crc)
    yield chunk
  }
  yield seal(crc, mtimeMs)
}

/** Looks at the seal of what was read from a file that has this time of modification. */
export function sealOf(bytes: Buffer, mtimeMs: number): SealState {
  const end = bytes.length - bits - 1
  const tail = bytes.toString('latin1', Math.max(0, end - 1))
  if (!/^\n[ \t]{64}\n$/.test(tail)) return isRest(tail) && isWhole(mtimeMs) ? 'damaged' : 'none'
  const last = tail.slice(1, -1)
  if (last.startsWith(line(crc32(bytes.subarray(0, end))))) return 'good'
  return isWhole(mtimeMs) && last.endsWith(line(time(mtimeMs))) ? 'damaged' : 'edited'
}

const seal = (crc: number, mtimeMs: number) => Buffer.from(`${line(crc)}${line(time(mtimeMs))}\n`)

/** Is it what is left of a seal? Nobody writes so many blanks and tabs at the end of a file. */
function isRest(tail: string): boolean {
  const blanks = /[\t\n\r ]*$/.exec(tail)?.[0] ?? ''
  return blanks.replace(/[\n\r]/g, '').length >= 16
}

/** 32 bits, the highest first: a tab is a 1. */
function line(number: number): string {
  return number
    .toString(2)
    .padStart(bits / 2, '0')
    .replaceAll('0', ' ')
    .replaceAll('1', '\t')
}

/** A file that we wrote was given a time of whole milliseconds; an edit within the same one has a time of its own. */
const isWhole = (mtimeMs: number) => Math.abs(mtimeMs - Math.round(mtimeMs)) < 0.001

const time = (mtimeMs: number) => Math.round(mtimeMs) % 2 ** 32
