import type { Found } from '../../lib/derived/one-state.js'
import { toKey } from '../../lib/id.js'
import { type Expression, node } from '../../lib/query/expression.js'
import { match } from '../../lib/query/match.js'
import { plan } from '../../lib/query/plan.js'
import type { Id, Options, Query } from '../../lib/store.js'
import {
  checkPoint,
  type Entry,
  type HistoryRecord,
  type Log,
  type Point,
  type Selection,
  selected,
  toRecord,
} from './record.js'

export interface ChangesOptions extends Options {
  /** Only what came after. */
  readonly since?: Point | undefined
  /** Only what came up to then, that included. */
  readonly until?: Point | undefined
  /** The latest first. */
  readonly descending?: boolean | undefined
  /** No more than so many. */
  readonly limit?: number | undefined
  /** Conditions on the records: `type=delete&actor=ann`. Every record that is left is looked at. */
  readonly query?: Query | undefined
}

/** The records of a log, as they are asked for: given now where the log answers now. */
export function changes<T extends object, K extends Id>(log: Log) {
  return (given?: K | Selection<K>, options: ChangesOptions = {}): Found<HistoryRecord<T, K>> => {
    const { since, until, descending = false, limit = Infinity, query, signal } = options
    const { id, actor, transaction } = selected(given)
    for (const point of [since, until]) if (point !== undefined) checkPoint(point)
    const terms: Expression[] = []
    if (id !== undefined) terms.push(node('eq', ['of', toKey(id)]))
    if (actor !== undefined) terms.push(node('eq', ['actor', actor]))
    if (transaction !== undefined) {
      terms.push(node('or', [node('eq', ['id', transaction]), node('eq', ['transaction', transaction])]))
    }
    if (since !== undefined) terms.push(node('gt', [since instanceof Date ? 'date' : 'id', since]))
    if (until !== undefined) terms.push(node('le', [until instanceof Date ? 'date' : 'id', until]))
    if (descending) terms.push(node('sort', ['-id']))
    const choose = query === undefined ? () => true : conditionsOf(query)
    // otherwise it is not known how many of them will be chosen
    if (query === undefined && limit !== Infinity) terms.push(node('limit', [limit]))
    return records(log.query(node('and', terms), { signal }), choose, limit)
  }
}

function conditionsOf(query: Query): (record: object) => boolean {
  const { condition, stages } = plan(query)
  if (stages.length === 0) return match(condition)
  throw new TypeError(`records are chosen by conditions, not by ${stages[0]?.name}`)
}

function records<T extends object, K extends Id>(
  found: Found<Entry>,
  choose: (record: HistoryRecord<T, K>) => boolean,
  limit: number,
): Found<HistoryRecord<T, K>> {
  if (Symbol.iterator in found) return { [Symbol.iterator]: () => atOnce(found, choose, limit) }
  return { [Symbol.asyncIterator]: () => later(found, choose, limit) }
}

function* atOnce<T extends object, K extends Id>(
  found: Iterable<Entry>,
  choose: (record: HistoryRecord<T, K>) => boolean,
  limit: number,
): Generator<HistoryRecord<T, K>> {
  let left = limit
  for (const entry of left > 0 ? found : []) {
    const record = toRecord<T, K>(entry)
    if (!choose(record)) continue
    yield record
    if (--left === 0) return
  }
}

async function* later<T extends object, K extends Id>(
  found: AsyncIterable<Entry>,
  choose: (record: HistoryRecord<T, K>) => boolean,
  limit: number,
): AsyncGenerator<HistoryRecord<T, K>> {
  let left = limit
  for await (const entry of left > 0 ? found : []) {
    const record = toRecord<T, K>(entry)
    if (!choose(record)) continue
    yield record
    if (--left === 0) return
  }
}
