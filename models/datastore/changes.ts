import { compareStrings } from '../../lib/order.js'
import type { Change, Id } from '../../lib/store.js'
import { documentOf, type Stored } from './document.js'
import { rangeOf } from './paging.js'
import type { DocumentChange, RangeOptions } from './types.js'

/** The changes of a range of keys, as a datastore tells them. */
export async function* changesOf(
  changes: AsyncIterable<Change<Stored, Id>>,
  options: RangeOptions,
): AsyncGenerator<DocumentChange<object>, undefined> {
  const { key: only, low, high } = rangeOf(options) as RangeBounds
  for await (const { type, id, object, previous } of changes) {
    const key = String(id)
    if (only !== undefined && key !== only) continue
    if (low !== undefined && compareStrings(key, low) < 0) continue
    if (high !== undefined && compareStrings(key, high) > 0) continue
    yield {
      type,
      key,
      ...(object && { document: documentOf(object) }),
      ...(previous && { previous: documentOf(previous) }),
    }
  }
}

type RangeBounds = { readonly [B in 'key' | 'low' | 'high']?: string | undefined }
