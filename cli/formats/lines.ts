/** One place of a file: what is there, or why nothing can be made of it. */
export interface Piece<T> {
  /** Counted from 1. */
  readonly line: number
  readonly value?: T
  readonly problem?: string
}

/** A line holds no more than an object may. */
const longest = 2 ** 26

const feed = 10

/**
 * The lines of a file, of which one at a time is in memory; what is not UTF-8 is told by its line. A carriage return stays: to
 * JSON it is a space, and within quotes of CSV it belongs to the text.
 */
export async function* lines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece<string>, undefined> {
  let parts: Uint8Array[] = []
  let length = 0
  let line = 1
  for await (const chunk of source) {
    let start = 0
    for (let end = chunk.indexOf(feed); end !== -1; end = chunk.indexOf(feed, start)) {
      parts.push(chunk.subarray(start, end))
      yield lineOf(parts, line++)
      parts = []
      length = 0
      start = end + 1
    }
    parts.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > longest) throw new RangeError(`line ${line} is longer than ${longest} bytes`)
  }
  if (length > 0) yield lineOf(parts, line)
}

function lineOf(parts: readonly Uint8Array[], line: number): Piece<string> {
  try {
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
    return { line, value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(bytes) }
  } catch {
    return { line, problem: 'the text is not UTF-8' }
  }
}
