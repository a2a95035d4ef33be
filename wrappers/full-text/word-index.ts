import { Index } from 'flexsearch'
import { compareKeys } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { type Postings, tallying } from './tally.js'
import { mostCounted, sameTexts, type Text, type Texts, type Wanted, type Words } from './text.js'

/** An object in which all words occur. */
export interface Hit {
  readonly key: Id
  /** The id as the object carries it. */
  readonly id: Id
  readonly score: number
}

/** Which object has which words. */
export interface WordIndex {
  readonly size: number
  /** Goes up with every change. */
  readonly version: number
  set(key: Id, text: Text): void
  delete(key: Id): void
  /** Is it just this that is indexed under the key, or nothing? */
  holds(key: Id, text: Pick<Text, 'id' | 'texts'> | undefined): boolean
  keys(): Iterable<Id>
  /** The objects in which all words occur: the first by score and then by id, or all, in no order. */
  hits(wanted: Wanted, limit?: number): Hit[]
}

/** What an object is inside the index: flexsearch takes `1` and `'1'` for the same, so it is given numbers of our own. */
interface Indexed {
  readonly id: Id
  readonly texts: readonly Texts[]
}

/** So many objects must have gone before what they leave behind is looked for. */
const leastCleanup = 1000

export function wordIndex(fields: number): WordIndex {
  const indexes = Array.from({ length: fields }, fieldIndex)
  const numbers = new Map<Id, number>()
  const indexed: (Indexed | undefined)[] = []
  /** Apart, as many are compared. */
  const keys: Id[] = []
  const free: number[] = []
  const tally = tallying(mostCounted, (a, b) => compareKeys(keys[a] as Id, keys[b] as Id))
  let version = 0
  let removed = 0

  function remove(number: number): void {
    for (const each of indexes) each.remove(number)
    // the lists of words that nobody has any more stay behind in flexsearch
    if (++removed < Math.max(leastCleanup, numbers.size)) return
    removed = 0
    for (const each of indexes) each.cleanup()
  }

  return {
    get size() {
      return numbers.size
    },
    get version() {
      return version
    },
    set(key, { id, texts, words }) {
      const known = numbers.get(key)
      const number = known ?? free.pop() ?? indexed.length
      const previous = indexed[number]
      version++
      indexed[number] = { id, texts }
      keys[number] = key
      if (previous && sameTexts(previous.texts, texts)) return
      if (known !== undefined) remove(known)
      numbers.set(key, number)
      for (const [field, each] of indexes.entries()) each.add(number, words[field] as Words)
    },
    delete(key) {
      const number = numbers.get(key)
      if (number === undefined) return
      version++
      numbers.delete(key)
      indexed[number] = undefined
      free.push(number)
      remove(number)
    },
    holds(key, text) {
      const known = indexed[numbers.get(key) ?? -1]
      return known && text ? known.id === text.id && sameTexts(known.texts, text.texts) : known === text
    },
    keys: () => numbers.keys(),
    hits({ words, fields }, limit = Infinity) {
      const found = words.map(word => fields.map(field => (indexes[field] as FieldIndex).find(word)))
      return tally(found, keys.length, limit).map(({ number, score }) => {
        return { key: keys[number] as Id, id: (indexed[number] as Indexed).id, score }
      })
    },
  }
}

interface FieldIndex {
  add(number: number, words: Words): void
  remove(number: number): void
  find(word: string): Postings
  cleanup(): void
}

/** The words of one field. They are counted before: flexsearch takes them as they are, and the counts for its ranks. */
function fieldIndex(): FieldIndex {
  let counts: Words = new Map()
  const index = new Index<false, false, false>({
    encode: given => given as unknown as string[],
    score: (_words, word) => mostCounted - Math.min(counts.get(word) as number, mostCounted),
    resolution: mostCounted,
    // remembers which lists an object is in: without it a removal looks through all
    fastupdate: true,
    resolve: false,
  })
  return {
    add(number, words) {
      counts = words
      if (words.size > 0) index.add(number, [...words.keys()] as never)
    },
    remove: number => void index.remove(number),
    find: word => index.search([word] as never, noLimit).result as number[][],
    cleanup: () => index.cleanup(),
  }
}

const noLimit = { resolve: false } as const
