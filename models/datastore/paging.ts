/** Pages as a datastore gives them, from those of a view. */
import { compare } from '../../lib/order.js'
import type { ViewOptions } from '../../wrappers/views.js'
import { assertion } from './error.js'
import type { RangeOptions, ResultPage, ViewPageOptions } from './types.js'

export interface Paging {
  /** How the view is to be asked. */
  readonly asked: ViewOptions
  /** The index of the first item, within the range. */
  readonly index: number
}

export function paging(options: ViewPageOptions): Paging {
  const { descending = false, limit = 10, includeDocuments = false } = options
  const inclusiveStartIndex = options.inclusiveStartIndex ?? 0
  const { cursor, reduce, group } = options
  const place = cursor === undefined || cursor === null ? undefined : readPlace(cursor)
  const whole = reduce === true && (group === undefined || group === false)
  const { low, high, key } = rangeOf(options)
  return {
    index: place?.index ?? inclusiveStartIndex,
    asked: {
      key,
      ...(descending ? { startKey: high, endKey: low } : { startKey: low, endKey: high }),
      descending,
      reduce,
      group,
      start: inclusiveStartIndex,
      cursor: place?.cursor,
      includeObjects: includeDocuments,
      // all rows make one
      ...(whole ? { limit: options.limit } : { limit }),
    },
  }
}

/** The ends of a range, the low one and the high one, however they were given. */
export function rangeOf({ key, startKey, endKey }: RangeOptions<unknown>) {
  if (key !== undefined) return { key, low: undefined, high: undefined }
  const swapped = startKey !== undefined && endKey !== undefined && compare(startKey, endKey) > 0
  return swapped ? { low: endKey, high: last(startKey) } : { low: startKey, high: last(endKey) }
}

/** By `\uffff` people mean the last of all characters, which since has become another. */
function last(high: unknown): unknown {
  return typeof high === 'string' ? high.replace(/\uffff$/, '\u{10ffff}') : high
}

export function pageOf<Row, Item>(
  { rows, cursor }: { readonly rows: readonly Row[]; readonly cursor: string | null },
  index: number,
  itemOf: (row: Row) => Item,
): ResultPage<Item> {
  const end = index + rows.length
  return {
    items: rows.map(itemOf),
    exclusiveEndIndex: cursor === null ? null : end,
    cursor: cursor === null ? null : `${end}.${cursor}`,
  }
}

function readPlace(cursor: unknown) {
  const [, index, rest] = /^(\d{1,15})\.(.+)$/s.exec(String(cursor)) ?? []
  if (index === undefined) throw assertion('the cursor is none; take it from the page before')
  return { index: Number(index), cursor: rest }
}
