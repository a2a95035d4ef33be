/** The words of each text in a store, so that opening the index need not find them again. */

import { etag } from '../../lib/etag.js'
import { toKey } from '../../lib/id.js'
import { can, type Id, type Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import type { Text, Texts, Words } from './text.js'

/** Marked with the texts and the tokenizer that it is of: if either is another now, it is left aside. */
interface Record {
  readonly id: Id
  readonly of: string
  readonly words: readonly (readonly (readonly [string, number])[])[]
}

export interface KeptWords {
  /** The words that were kept for the object, if they are of these texts. */
  find(key: Id, texts: readonly Texts[]): readonly Words[] | undefined
  /** The index now has this text under the key: keeps its words, soon or at the next `flush`. */
  keep(key: Id, text: Text | undefined): void
  /** All has been read: forgets what is kept for other objects. */
  onlyFor(keys: ReadonlySet<Id>): void
  /** Writes what is still to be kept. */
  flush(): Promise<void>
}

/** What is longer, in characters, is not kept: its words could be more than an object of a store may hold. */
const maxLength = 2 ** 19

/** How many changes wait before they are written together. */
const batch = 500

/** `version` names the tokenizer. */
export async function keptWords(store: Store, version: string): Promise<KeptWords> {
  const kept = new Map<Id, Record>()
  for await (const record of store.query?.() ?? []) kept.set(toKey(record.id), record)
  let waiting = new Map<Id, Text | undefined>()
  let flushed: Promise<void> = Promise.resolve()
  const markOf = (texts: readonly Texts[]) => etag({ version, texts })

  const recordOf = (id: Id, { texts, words }: Text): Record => ({
    id,
    of: markOf(texts),
    words: words.map(each => [...each]),
  })

  async function write(changes: ReadonlyMap<Id, Text | undefined>): Promise<void> {
    const writeTo = async (target: Store) => {
      for (const [id, text] of changes) {
        if (text && lengthOf(text.texts) <= maxLength) await target.put?.(recordOf(id, text))
        else await target.delete?.(id)
      }
    }
    await (can(store, 'transaction') ? transaction(store, writeTo) : writeTo(store))
  }

  function flush(): Promise<void> {
    flushed = flushed
      .catch(() => {})
      .then(async () => {
        const changes = waiting
        waiting = new Map()
        try {
          if (changes.size > 0) await write(changes)
        } catch (error) {
          waiting = new Map([...changes, ...waiting])
          throw error
        }
      })
    return flushed
  }

  return {
    find(key, texts) {
      const record = kept.get(key)
      kept.delete(key)
      return record?.of === markOf(texts) ? record.words.map(each => new Map(each)) : undefined
    },
    keep(key, text) {
      waiting.set(key, text)
      // what could not be written is tried again with the next, and by the last flush, which tells
      if (waiting.size % batch === 0) flush().catch(() => {})
    },
    onlyFor(keys) {
      for (const key of kept.keys()) if (!keys.has(key)) waiting.set(key, undefined)
      kept.clear()
    },
    flush,
  }
}

function lengthOf(fields: readonly Texts[]): number {
  let length = 0
  for (const text of fields.flat()) length += text.length
  return length
}
