import type { EncoderOptions } from 'flexsearch'

/** Gives the words of a text, as they are to be compared: two texts share a word exactly if this gives it for both. */
export type Tokenize = (text: string) => Iterable<string>

/** The languages whose stop words and endings are known. */
export const languages = ['de', 'en', 'fr'] as const
export type Language = (typeof languages)[number]

const ascii = /^[\0-\x7f]*$/
/** The accents of Latin, Greek and Cyrillic, the points of Hebrew and the vowel signs of Arabic. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+/g
const word = /[\p{L}\p{N}\p{M}]+/gu

/** Runs of letters and digits, without case, accents and other differences of form: `Straße` is `strasse`, `ﬁn` is `fin`. */
export function tokenize(text: string): string[] {
  return fold(text).match(word) ?? []
}

/** The same, for texts in one language: without its most frequent words, and without endings. */
export async function tokenizeIn(language: Language): Promise<Tokenize> {
  const { prepare = same, filter, stemmer } = await load[language]()
  const stopWords = filter instanceof Set ? filter : new Set<string>()
  const stem = stemming(stemmer ?? new Map())
  return text =>
    tokenize(prepare(text.normalize('NFC').toLowerCase())).flatMap(each => (stopWords.has(each) ? [] : stem(each)))
}

const load: Record<Language, () => Promise<EncoderOptions>> = {
  de: async () => (await import('flexsearch/lang/de')).default,
  en: async () => (await import('flexsearch/lang/en')).default,
  fr: async () => (await import('flexsearch/lang/fr')).default,
}

const same = (text: string) => text

function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  // upper case makes one of the forms of ß, s and i; composed again, what is no accent stays with its letter
  const upper = text.normalize('NFKD').replace(accents, '').toUpperCase()
  return upper.toLowerCase().normalize('NFKD').replace(accents, '').replaceAll('ς', 'σ').normalize('NFC')
}

/** Takes endings away as long as one fits; a word of two letters stays. */
function stemming(endings: ReadonlyMap<string, string>): (word: string) => string {
  const longest = Math.max(0, ...Array.from(endings.keys(), ending => ending.length))
  function shorter(word: string): string | undefined {
    for (let length = Math.min(longest, word.length - 1); length > 0; length--) {
      const replacement = endings.get(word.slice(-length))
      if (replacement !== undefined) return word.slice(0, -length) + replacement
    }
    return undefined
  }
  return word => {
    let stem = word
    for (let rounds = 0; rounds < longest && stem.length > 2; rounds++) {
      const next = shorter(stem)
      if (next === undefined) break
      stem = next
    }
    return stem
  }
}
