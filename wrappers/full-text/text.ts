/** An object as the index sees it. */
import type { Path } from '../../lib/query/expression.js'
import { reader } from '../../lib/query/path.js'
import type { Id } from '../../lib/store.js'
import type { Tokenize } from './tokenize.js'

/** The texts of one field: that of a string, those in an array. */
export type Texts = readonly string[]
/** How often each word occurs. */
export type Words = ReadonlyMap<string, number>

export interface Text {
  /** The id as the object carries it. */
  readonly id: Id
  /** The texts of each field, in the order of the fields. */
  readonly texts: readonly Texts[]
  readonly words: readonly Words[]
}

/** What is asked for: words that must all occur, each in one of these fields. */
export interface Wanted {
  readonly words: readonly string[]
  /** The positions of the fields. */
  readonly fields: readonly number[]
}

/** How many occurrences of one word in one field count. */
export const mostCounted = 8

export interface TextOptions {
  readonly fields: readonly Path[]
  readonly tokenize: Tokenize
  readonly idProperty: string
}

/** Reads objects. What `tokenize` throws is thrown on. */
export function textReader({ fields, tokenize, idProperty }: TextOptions) {
  const idOf = reader(idProperty) as (object: object) => Id
  const reads = fields.map(reader)
  const textsOf = (object: object): readonly Texts[] => reads.map(read => textsIn(read(object)))
  const wordsOf = (texts: readonly Texts[]): readonly Words[] => texts.map(each => count(each, tokenize))
  return {
    fields,
    tokenize,
    idProperty,
    idOf,
    textsOf,
    wordsOf,
    read(object: object): Text {
      const texts = textsOf(object)
      return { id: idOf(object), texts, words: wordsOf(texts) }
    },
  }
}

export type TextReader = ReturnType<typeof textReader>

/** How often the words occur in the fields, each counted up to eight times a field; 0 if one of them does not occur. */
export function score({ words: own }: Text, { words, fields }: Wanted): number {
  let sum = 0
  for (const word of words) {
    let occurrences = 0
    for (const field of fields) occurrences += Math.min(own[field]?.get(word) ?? 0, mostCounted)
    if (occurrences === 0) return 0
    sum += occurrences
  }
  return sum
}

export function sameTexts(a: readonly Texts[], b: readonly Texts[]): boolean {
  return a.every((texts, field) => {
    const others = b[field] as Texts
    return texts.length === others.length && texts.every((text, at) => text === others[at])
  })
}

function textsIn(value: unknown): Texts {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : none
}

const none: Texts = []

function count(texts: Texts, tokenize: Tokenize): Words {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const word of tokenize(text)) if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}
