import { first } from './first.js'

/** The objects that have a word, by how often, the most first: those at 0 have it `most` times or more. */
export type Postings = readonly (readonly number[] | undefined)[]

export interface Counted {
  readonly number: number
  readonly score: number
}

/**
 * Gives the numbers that have all words, each in one of the fields, with the sum of how often. The first of them, by score
 * and then by `order`, if not all are wanted; else in no order.
 */
export function tallying(most: number, order: (a: number, b: number) => number) {
  /** Of each number how many of the words it has so far, and its score: all 0 between two calls. */
  let words = new Uint16Array(0)
  let scores = new Uint32Array(0)

  /** Adds the postings of the word that comes after so many others. */
  function add(postings: Postings, before: number, candidates: number[]): void {
    for (let rank = 0; rank < postings.length; rank++) {
      const numbers = postings[rank] ?? none
      for (let at = 0; at < numbers.length; at++) {
        const number = numbers[at] as number
        const had = words[number] as number
        if (had !== before && had !== before + 1) continue
        if (had === 0) candidates.push(number)
        words[number] = before + 1
        scores[number] = (scores[number] as number) + most - rank
      }
    }
  }

  /** `found` has for each word its postings in each field, `size` is the first number that nothing has. */
  return (found: Postings[][], size: number, limit: number): Counted[] => {
    const [[only, ...fields] = [], ...others] = found
    if (only && fields.length + others.length === 0) return ranked(only, most, limit, order)
    if (words.length < size) {
      words = new Uint16Array(2 * size)
      scores = new Uint32Array(2 * size)
    }
    const candidates: number[] = []
    // the rarest word first, so that most is left out at once
    for (const [before, fields] of found.sort((a, b) => sizeOf(a) - sizeOf(b)).entries()) {
      for (const postings of fields) add(postings, before, candidates)
    }
    const all = candidates.filter(number => words[number] === found.length)
    const chosen =
      limit < all.length
        ? first(all, limit, (a, b) => (scores[b] as number) - (scores[a] as number) || order(a, b))
        : all
    const counted = chosen.map(number => ({ number, score: scores[number] as number }))
    for (const number of candidates) {
      words[number] = 0
      scores[number] = 0
    }
    return counted
  }
}

/** One word in one field: its postings are in order of the score already. */
function ranked(postings: Postings, most: number, limit: number, order: (a: number, b: number) => number): Counted[] {
  const counted: Counted[] = []
  for (let rank = 0; rank < postings.length && counted.length < limit; rank++) {
    const numbers = postings[rank] ?? none
    const left = limit - counted.length
    const chosen = left < numbers.length ? first(numbers, left, order) : numbers
    for (const number of chosen) counted.push({ number, score: most - rank })
  }
  return counted
}

const none: readonly number[] = []

function sizeOf(fields: readonly Postings[]): number {
  let size = 0
  for (const postings of fields) for (const numbers of postings) size += numbers?.length ?? 0
  return size
}
