import { corrupt } from './corrupt.js'
import { isStartOfLine, type Line, readLine } from './log-line.js'

/** The good lines of a log. */
export interface Log {
  readonly lines: readonly Line[]
  /** Their bytes. What follows was torn by a crash before anybody was told that it lasts. */
  readonly length: number
}

/**
 * Reads a log. A torn end is left out; any other damage is a `CorruptError` with the line.
 *
 * Torn is what a crash can leave of bytes that were not yet sure to last: the file ends within a line, or a part of it was
 * never written and reads as NULs, which text does not hold. So a whole line with a wrong checksum is damage, even the
 * last one: it was acknowledged, and to cut it would be to lose it without a word.
 */
export function readLog(bytes: Buffer, path: string): Log {
  const lines: Line[] = []
  let length = 0
  while (length < bytes.length) {
    const end = bytes.indexOf('\n', length)
    const line = end === -1 ? undefined : readLine(bytes.subarray(length, end))
    if (!line) {
      if (isTorn(bytes, length, lines.length)) break
      throw corrupt(path, `line ${lines.length + 1}`, 'the checksum does not fit')
    }
    if (line.number !== lines.length) {
      throw corrupt(path, `line ${lines.length + 1}`, `it was written as line ${line.number + 1}`)
    }
    lines.push(line)
    length = end + 1
  }
  return { lines, length }
}

/** Is all that follows the start of a line, which is not as it was written, the work of a crash? */
function isTorn(bytes: Buffer, start: number, number: number): boolean {
  const end = bytes.indexOf('\n', start)
  const line = bytes.subarray(start, end === -1 ? bytes.length : end)
  const hole = line.indexOf(0)
  // a file that does not begin as ours does is not ours to cut
  if (number === 0 && !isStartOfLine(hole === -1 ? line : line.subarray(0, hole), number)) return false
  // a whole line whose line feed became another character
  if (end === -1) return line.at(-1) === 0 || !readLine(line.subarray(0, -1))
  if (hole === -1 || isChanged(line, hole) || isSieve(line)) return false
  // no good line may follow that was written when this one was sure to last
  return linesFrom(bytes, start + line.lastIndexOf(0) + 1).every(({ lasting }) => lasting <= number)
}

/** Would the line be good, were this one NUL another byte? A disk leaves out more than one. */
function isChanged(line: Buffer, position: number): boolean {
  if (line.indexOf(0, position + 1) !== -1) return false
  const mended = Buffer.from(line)
  for (let byte = 1; byte < 256; byte++) {
    mended[position] = byte
    if (readLine(mended)) return true
  }
  return false
}

/** Has it more holes than a disk can leave, which writes 512 bytes at a time? So looks text in an encoding of two bytes. */
function isSieve(line: Buffer): boolean {
  let holes = 0
  for (let at = 0; at < line.length; at++) if (line[at] === 0 && line[at - 1] !== 0) holes++
  return holes > 2 + line.length / 512
}

/** The good lines from a position on. */
function linesFrom(bytes: Buffer, position: number): Line[] {
  const lines: Line[] = []
  for (let start = position, end = 0; ; start = end + 1) {
    end = bytes.indexOf('\n', start)
    if (end === -1) return lines
    const line = readLine(bytes.subarray(start, end))
    if (line) lines.push(line)
  }
}
