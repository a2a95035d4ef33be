/** What full text must find, worked out in the plainest way from all objects, by a tokenizer of its own. */
import type { Random } from '../../oracle/random.js'

export interface Note {
  readonly id: string | number
  readonly title?: unknown
  readonly tags?: unknown
  readonly inside?: { readonly text?: unknown }
  readonly n: number
}

export const fields = ['title', 'tags', ['inside', 'text']] as const

const vocabulary = [
  ...['kelp', 'Kelp', 'KELP', 'kélp', 'ke\u0301lp', 'kelps', 'forest', 'rock', 'a', 'b', 'I', 'ı', 'İ', 'i'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', '1', '12', '１２', '007', '1e6', 'null'],
  ...['straße', 'STRASSE', 'Straẞe', 'σας', 'ΣΑΣ', 'σασ', 'ﬁn', 'fin', 'ŉ', 'Å', 'å', 'Å', '²', 'x²', '½', 'ǅ'],
  ...['が', 'か', 'か\u3099', 'नमस्ते', 'नमसते', '日本', '日', 'שָׁלוֹם', 'שלום', 'مُحَمَّد', 'محمد', '한글', '한글', 'й', 'и'],
  ...['😀', 'a😀b', 'don’t', "don't", 'x-y', 'x_y', 'a.b', '\u0000', 'z\u0000z', 'w'.repeat(300), 'ΐ', 'ᾳ', 'ß', 'ss'],
]

const separators = [' ', ' ', ' ', ', ', '\n', '-', '…', ' \u00a0', '/', '&', '(', "' "]

export function randomText(chance: Random, most: number): string {
  const words = Array.from({ length: chance.below(most + 1) }, () => {
    const word = chance.pick(vocabulary)
    return chance.chance(0.2) ? `${word}${chance.pick(separators)}` : `${word} `
  })
  return chance.chance(0.2) ? words.join('').toUpperCase() : words.join('')
}

/** A string, a list with strings in it, or something else that has no text. */
function randomField(chance: Random): unknown {
  const kind = chance.next()
  if (kind < 0.5) return randomText(chance, 6)
  if (kind < 0.8)
    return Array.from({ length: chance.below(4) }, () => (chance.chance(0.8) ? randomText(chance, 3) : 12))
  return chance.pick([null, 12, true, { text: 'kelp' }, new Date(0), 'kelp forest'])
}

export function randomNote(chance: Random, id: string | number): Note {
  const note = { id, n: chance.below(10), title: randomField(chance), tags: randomField(chance) }
  return chance.chance(0.5) ? { ...note, inside: { text: randomField(chance) } } : note
}

/** Character by character. */
function wordsOf(text: string): string[] {
  let folded = ''
  for (const character of text.normalize('NFKD')) {
    if (isAccent(character)) continue
    for (const part of character.toUpperCase()) {
      for (const small of part.toLowerCase().normalize('NFKD')) if (!isAccent(small)) folded += small
    }
  }
  const words: string[] = []
  let word = ''
  for (const character of [...folded.normalize('NFC'), ' ']) {
    if (/^[\p{L}\p{N}\p{M}]$/u.test(character)) {
      word += character === 'ς' ? 'σ' : character
    } else if (word !== '') {
      words.push(word)
      word = ''
    }
  }
  return words
}

function isAccent(character: string): boolean {
  const code = character.codePointAt(0) as number
  return (
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x591 && code <= 0x5c7) ||
    (code >= 0x64b && code <= 0x65f) ||
    code === 0x670
  )
}

function textsOf(note: Note, field: (typeof fields)[number]): string[] {
  const value = typeof field === 'string' ? note[field] : note.inside?.text
  return (Array.isArray(value) ? value : [value]).filter(each => typeof each === 'string')
}

/** How often the words occur, each counted up to eight times a field; 0 if one is nowhere. */
export function scoreOf(note: Note, text: string, asked: readonly (typeof fields)[number][] = fields): number {
  let sum = 0
  for (const word of new Set(wordsOf(text))) {
    const counts = asked.map(
      field =>
        textsOf(note, field)
          .flatMap(wordsOf)
          .filter(each => each === word).length,
    )
    const occurrences = counts.reduce((all, count) => all + Math.min(count, 8), 0)
    if (occurrences === 0) return 0
    sum += occurrences
  }
  return sum
}
