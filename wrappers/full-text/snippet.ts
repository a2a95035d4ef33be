import type { Texts } from './text.js'
import type { Tokenize } from './tokenize.js'

/** About how many characters a snippet has. */
const length = 160
/** About how many of them stand before the first word that was found. */
const before = 40
/** How many pieces of a text are looked at. */
const maxPieces = 10_000

/**
 * Makes plain text around the first place where one of the words occurs, cut between words, `…` where something was left
 * out. The beginning, if no piece between spaces has one of them.
 */
export function snippets(words: readonly string[], tokenize: Tokenize): (fields: readonly Texts[]) => string {
  const wanted = new Set(words)
  /** The same pieces come again in other texts. */
  const known = new Map<string, boolean>()

  function isWanted(piece: string): boolean {
    let is = known.get(piece)
    if (is === undefined) {
      is = [...tokenize(piece)].some(word => wanted.has(word))
      known.set(piece, is)
    }
    return is
  }

  function firstPlace(text: string): number | undefined {
    let start = 0
    for (let pieces = 0; pieces < maxPieces && start < text.length; pieces++) {
      let end = start
      while (end < text.length && !isSpace(text.charCodeAt(end))) end++
      if (end > start && isWanted(text.slice(start, end))) return start
      start = end + 1
    }
    return undefined
  }

  return fields => {
    for (const texts of fields) {
      for (const text of texts) {
        const place = firstPlace(text)
        if (place !== undefined) return around(text, place)
      }
    }
    return around(fields.find(texts => texts.length > 0)?.[0] ?? '', 0)
  }
}

function around(text: string, place: number): string {
  const start = place <= before ? 0 : afterSpace(text, place - before, place)
  const end = text.length <= start + length ? text.length : beforeSpace(text, start + length, place + 1)
  const cut = text.slice(start, end).trim()
  const line = uneven.test(cut) ? cut.replace(/\s+/g, ' ') : cut
  return `${start > 0 ? '…' : ''}${line}${end < text.length ? '…' : ''}`
}

const uneven = /[^\S ]| {2}/

/** The first place after a space, from `from` on; `last` if there is none before it. */
function afterSpace(text: string, from: number, last: number): number {
  for (let at = from; at < last; at++) if (isSpace(text.charCodeAt(at))) return at + 1
  return last
}

/** The last space up to `from`; if there is none after `least`, a place where no character is cut in two. */
function beforeSpace(text: string, from: number, least: number): number {
  for (let at = from; at > least; at--) if (isSpace(text.charCodeAt(at))) return at
  const low = text.charCodeAt(from)
  return low >= 0xdc00 && low < 0xe000 ? from - 1 : from
}

const isSpace = (code: number) =>
  code <= 32 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b) || code === 0x2028
