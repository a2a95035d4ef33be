/** How deep a JSON text is nested, and how many names it holds, without making anything of it. */
import { HttpError } from '../http-error.js'
import type { Limits } from '../limits.js'

const quote = 34
const backslash = 92
const colon = 58

/** Throws a 422 where a JSON text holds more than the limits. Takes time by its length only. */
export function measure(text: string, { depth: maxDepth, keys: maxKeys }: Pick<Limits, 'depth' | 'keys'>): void {
  let depth = 0
  let keys = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at + 1)
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) throw new HttpError(422, `the JSON is nested deeper than ${maxDepth} levels`)
    } else if (code === 0x7d || code === 0x5d) depth--
    else if (code === colon && ++keys > maxKeys) throw new HttpError(422, `the JSON has more than ${maxKeys} names`)
  }
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at
    if (code === backslash) at++
  }
  return text.length
}
