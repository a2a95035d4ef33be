import { StoreError } from '../errors.js'
import { queryLimits } from './limits.js'

/** A pattern for the whole of a string: `*` is any run of characters, `?` exactly one; no escape. Ignores case. */
export class Glob {
  readonly pattern: string

  constructor(pattern: string) {
    if (typeof pattern !== 'string') throw new TypeError('a glob is made from a string')
    if (pattern.length > queryLimits.pattern) {
      throw new StoreError('DataError', `a glob may have ${queryLimits.pattern} characters, not ${pattern.length}`)
    }
    if (!pattern.isWellFormed()) throw new StoreError('DataError', 'a glob must be well-formed Unicode')
    this.pattern = pattern
    Object.freeze(this)
  }
}

/** Makes a pattern, for `match`. */
export function glob(pattern: string): Glob {
  return new Glob(pattern)
}

/** A test for a pattern. Its time is at most the length of the pattern × that of the text, and usually their sum. */
export function globTest({ pattern }: Glob): (text: string) => boolean {
  const folded = fold(pattern)
  return text => matches(folded, fold(text))
}

/** Without case; the two small sigmas are one letter. */
const fold = (text: string) => text.toLowerCase().replaceAll('ς', 'σ')

const star = 42
const question = 63

function matches(pattern: string, text: string): boolean {
  let at = 0
  let place = 0
  let afterStar = -1
  let resume = 0
  while (at < text.length) {
    const wanted = place < pattern.length ? pattern.charCodeAt(place) : -1
    if (wanted === star) {
      afterStar = ++place
      resume = at
    } else if (wanted === question) {
      place++
      at = next(text, at)
    } else if (wanted === text.charCodeAt(at)) {
      place++
      at++
    } else if (afterStar >= 0) {
      // only the last star need ever take more: the earlier ones took the least that fits
      place = afterStar
      resume = next(text, resume)
      at = resume
    } else {
      return false
    }
  }
  while (pattern.charCodeAt(place) === star) place++
  return place === pattern.length
}

/** The position after one character, which may be two code units. */
function next(text: string, at: number): number {
  const high = text.charCodeAt(at)
  return high >= 0xd800 && high < 0xdc00 ? at + 2 : at + 1
}
