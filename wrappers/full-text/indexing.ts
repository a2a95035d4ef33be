import type { Derivation } from '../../lib/derived/derivation.js'
import { toKey } from '../../lib/id.js'
import type { KeptWords } from './kept-words.js'
import type { Text, TextReader } from './text.js'
import type { WordIndex } from './word-index.js'

export interface Indexing extends Derivation<Text> {
  /** Takes in an object that is there from before; its words may have been kept. */
  first(object: object): void
}

/** Puts texts into the index, and keeps their words. */
export function indexing(index: WordIndex, reader: TextReader, kept: KeptWords | undefined): Indexing {
  function apply(key: ReturnType<typeof toKey>, text: Text | undefined): void {
    if (index.holds(key, text)) return
    if (text) index.set(key, text)
    else index.delete(key)
    kept?.keep(key, text)
  }

  return {
    idProperty: reader.idProperty,
    read: reader.read,
    apply,
    note(write) {
      if (write.method === 'delete' || typeof write.object !== 'object' || write.object === null) return () => undefined
      // before it is written: if its words cannot be found, it is not
      const text = reader.read(write.object)
      return id => ({ ...text, id: text.id ?? id })
    },
    holds: (key, object) => index.holds(key, object && { id: reader.idOf(object), texts: reader.textsOf(object) }),
    keys: () => index.keys(),
    first(object) {
      const id = reader.idOf(object)
      const texts = reader.textsOf(object)
      const words = kept?.find(toKey(id), texts)
      if (words) index.set(toKey(id), { id, texts, words })
      else apply(toKey(id), { id, texts, words: reader.wordsOf(texts) })
    },
  }
}
