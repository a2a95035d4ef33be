import { Cursor } from './cursor.js'
import { maintained } from './live/maintained.js'
import type { Live, LiveOptions } from './live/types.js'
import { toExpression } from './query/operators.js'
import type { Id, Query, QueryOptions, Store } from './store.js'

/** A class of objects that is a store too. */
interface Model<I> {
  readonly prototype: I
  query(...given: never): unknown
  subscribe(...given: never): unknown
}

export type { Live, LiveChange, LiveChanges, LiveItem, LiveOptions, LiveSet } from './live/types.js'

/**
 * Keeps the answer to a query up to date: first the set, then what each commit changes in it, without asking again. It begins
 * when somebody looks, with one query for all that matches, in a transaction where the store has them; ends when nobody does;
 * and begins again by itself, with a new set, if it could not keep up with the store. It holds all objects that match, also
 * those outside of a `limit`. A change costs O(log n) comparisons, a step what it shows. Conditions, `sort`, `limit`,
 * `select`, `unselect`, `values` and `distinct` can be kept up to date; all else is a `NotSupportedError`.
 */
export function live<I extends object>(
  model: Model<I>,
  query?: Query,
  options?: Omit<LiveOptions, 'idProperty'> & QueryOptions,
): Live<I>
export function live<T extends object, K extends Id>(
  source: Pick<Store<T, K>, 'query' | 'subscribe' | 'transaction'>,
  query?: Query,
  options?: LiveOptions & QueryOptions,
): Live<T, K>
export function live(
  source: object,
  query?: Query,
  { parameters, ...others }: LiveOptions & QueryOptions = {},
): unknown {
  const asked = toExpression(query, { parameters })
  // a model has rules about what is asked, and knows its instances
  const found = typeof source === 'function' && (source as Store).query?.(asked, others)
  return found instanceof Cursor && found.live ? found.live() : maintained(source, asked, others)
}
