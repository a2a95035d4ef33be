import { invalid } from './lost.js'
import { textOf } from './trust.js'

/** The lines of a text that comes in parts, without their ends. What comes after the last end is no line. */
export async function* lines(parts: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<string, undefined> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const part of parts) {
    let start = 0
    for (let end = part.indexOf(lineFeed); end >= 0; end = part.indexOf(lineFeed, start)) {
      const last = part.subarray(start, end)
      start = end + 1
      check(length + last.length)
      yield textOf(waiting.length > 0 ? joined([...waiting, last], length + last.length) : last)
      waiting = []
      length = 0
    }
    if (start < part.length) waiting.push(part.subarray(start))
    length += part.length - start
    check(length)
  }

  function check(bytes: number): void {
    if (bytes > max) throw invalid(`a line of the answer has more than ${max} bytes`)
  }
}

const lineFeed = 10

export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
