/** What is asked of a view, checked. */
import { StoreError } from '../../lib/errors.js'
import { compare } from '../../lib/order.js'
import { describe } from '../../lib/value.js'
import { type CursorOf, type Place, readCursor } from './cursor.js'
import { checkedValue } from './emitted.js'
import { groupKey } from './reduce.js'
import { order, type Row } from './rows.js'
import type { ViewOptions } from './types.js'

export interface Question {
  readonly of: CursorOf
  /** Is a row where the reading begins, or after that, in the direction in which it is read? */
  begins(row: Row): boolean
  /** Is a row after the end? */
  ends(row: Row): boolean
  readonly start: number
  readonly limit: number
  readonly includeObjects: boolean
  /** Is one row to be made of many, of all of them if there is no level? */
  readonly reduce: boolean
}

export function question(name: string, options: ViewOptions): Question {
  const { descending = false, limit = Infinity, start = 0, cursor, group = false } = options
  const { includeObjects = false, reduce = group !== false } = options
  for (const [option, given] of Object.entries({ descending, includeObjects, reduce })) {
    if (typeof given !== 'boolean') throw new TypeError(`${option} is true or false, not ${describe(given)}`)
  }
  if (limit !== Infinity) checkCount('limit', limit, 1)
  checkCount('start', start, 0)
  if (typeof group !== 'boolean') checkCount('group', group, 1)
  const given = cursor ?? undefined
  if (given !== undefined && start > 0) refuse('start is for the first page, a cursor for those after it')
  if (group !== false && !reduce) refuse('groups are reduced')
  if (reduce && includeObjects) refuse('what is reduced has no objects')
  if (reduce && group === false && (given !== undefined || start > 0 || limit !== Infinity)) {
    refuse('start, limit and cursor are for rows and groups, and all rows make one here')
  }
  const level = group === false ? null : group === true ? Infinity : group
  const of = { name, descending, level }
  const { low, high } = rangeOf(options, descending)
  const after = given === undefined ? undefined : readCursor(of, given)
  const sign = descending ? -1 : 1
  const [first, last] = descending ? [high, low] : [low, high]
  return {
    of,
    begins: row =>
      (first === undefined || compare(row.key, first.key) * sign >= 0) &&
      (after === undefined || comparePlace(row, after, level) * sign > 0),
    ends: row => last !== undefined && compare(row.key, last.key) * sign > 0,
    start,
    limit,
    includeObjects,
    reduce,
  }
}

interface Bound {
  readonly key: unknown
}

function rangeOf({ key, startKey, endKey }: ViewOptions, descending: boolean) {
  if (key !== undefined) {
    if (startKey !== undefined || endKey !== undefined) refuse('either a key is asked for, or a range')
    const only = { key: checkedValue(key, 'key') }
    return { low: only, high: only }
  }
  const bound = (given: unknown, option: string): Bound | undefined =>
    given === undefined ? undefined : { key: checkedValue(given, option) }
  const ends = [bound(startKey, 'startKey'), bound(endKey, 'endKey')]
  const [low, high] = descending ? ends.reverse() : ends
  if (low && high && compare(low.key, high.key) > 0) {
    refuse(
      descending
        ? 'descending, startKey is the high end, not the low one'
        : 'endKey comes before startKey; descending?',
    )
  }
  return { low, high }
}

/** Where a row is, compared with the place of a cursor. */
function comparePlace(row: Row, [key, place, at]: Place, level: number | null): number {
  if (level !== null) return compare(groupKey(row.key, level), key)
  return order(row, { key, place, at } as Row)
}

function checkCount(option: string, given: unknown, least: number): void {
  if (Number.isSafeInteger(given) && (given as number) >= least) return
  refuse(`${option} is an integer from ${least}, not ${typeof given === 'number' ? given : describe(given)}`)
}

function refuse(problem: string): never {
  throw new StoreError('DataError', problem, { method: 'view' })
}
