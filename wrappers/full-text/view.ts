import type { Sight } from '../../lib/derived/one-state.js'
import type { Overlay } from '../../lib/derived/transactions.js'
import { score, type Text, type Wanted } from './text.js'
import type { Hit, WordIndex } from './word-index.js'

/** What one reader sees: the committed objects, or those of a transaction. */
export interface View extends Sight {
  /** The first by score and then by id, or all, in no order. */
  hits(wanted: Wanted, limit?: number): Hit[]
}

/** Inside a transaction, its own writes over what others see. */
export function viewOf(index: WordIndex, sight: Sight, overlay: Overlay<Text> | undefined): View {
  return {
    ...sight,
    hits(wanted, limit) {
      if (!overlay || overlay.written.size === 0) return index.hits(wanted, limit)
      const hits = index.hits(wanted).filter(({ key }) => !overlay.written.has(key))
      for (const [key, text] of overlay.written) {
        const own: Hit | undefined = text && { key, id: text.id, score: score(text, wanted) }
        if (own && own.score > 0) hits.push(own)
      }
      return hits
    },
  }
}
