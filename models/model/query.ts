/** The questions that a model passes on: whole objects come back as instances. */
import { type Cursor, cursor, type Watch } from '../../lib/cursor.js'
import { StoreError } from '../../lib/errors.js'
import { maintained } from '../../lib/live/maintained.js'
import type { Live } from '../../lib/live/types.js'
import type { Expression } from '../../lib/query/expression.js'
import { toExpression } from '../../lib/query/operators.js'
import type {
  Change,
  CountOptions,
  Data,
  Id,
  MaybePromise,
  Query,
  QueryOptions,
  Store,
  SubscribeOptions,
} from '../../lib/store.js'
import type { Target } from '../../lib/writes.js'
import type { Rules } from '../schema/rules.js'
import { checkQuery, givesObjects, hides, see } from './view.js'

type Items<T> = Iterable<T> | AsyncIterable<T>
/** Makes an instance of what was read. */
type Wrap = (stored: Data) => object

/** What a model's definition says about its live queries. */
export interface Asked {
  readonly idProperty: string
  /** Does it answer queries itself, past what the store tells? */
  readonly answered: boolean
}

/** A cursor over what the target answers. */
export function ask(
  target: Target<Data, Id> & Pick<Store, 'subscribe'>,
  rules: Rules,
  wrap: Wrap,
  { idProperty, answered }: Asked,
  query?: Query,
  options?: QueryOptions,
): Cursor<object> {
  const { query: execute, count } = target as Required<typeof target>
  const partly = (item: unknown) => (isPart(item) ? see(item, rules, true) : item)
  const answer = (expression: Expression, asked: QueryOptions): Items<object> => {
    checkQuery(expression, rules.blocked)
    const items: Items<Data> = execute.call(target, expression, asked)
    if (givesObjects(expression)) return mapped(items, wrap)
    return hides(rules) ? (mapped(items, partly) as Items<object>) : items
  }
  const watch: Watch<object> = (expression, asked) => {
    checkQuery(expression, rules.blocked)
    if (answered) {
      const message = 'the definition answers queries itself: nobody tells what changes in them'
      throw new StoreError('NotSupportedError', message)
    }
    const show = givesObjects(expression) ? (wrap as (item: unknown) => object) : hides(rules) ? partly : undefined
    return maintained(target, expression, { ...asked, idProperty, show }) as Live<object>
  }
  return cursor<object>(
    answer,
    (expression, asked) => {
      checkQuery(expression, rules.blocked)
      return count ? count.call(target, expression, asked) : counted(execute.call(target, expression, asked))
    },
    query,
    options,
    target.subscribe && watch,
  )
}

const isPart = (item: unknown): item is Data =>
  typeof item === 'object' && item !== null && Object.getPrototypeOf(item) === Object.prototype

function mapped<T, R>(items: Items<T>, change: (item: T) => R): Items<R> {
  return Symbol.iterator in items ? mapNow(items, change) : mapLater(items, change)
}

function* mapNow<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R, undefined> {
  for (const item of items) yield change(item)
}

async function* mapLater<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R, undefined> {
  for await (const item of items) yield change(item)
}

async function counted(items: Items<unknown>): Promise<number> {
  let count = 0
  for await (const _ of items) count++
  return count
}

/** How many objects match. */
export function countOf(
  target: Target<Data, Id>,
  { blocked }: Rules,
  query?: Query,
  options: CountOptions = {},
): MaybePromise<number> {
  const count = target.count as NonNullable<typeof target.count>
  if (blocked.length === 0) return count.call(target, query, options)
  const { parameters, ...others } = options
  const expression = toExpression(query, { parameters })
  checkQuery(expression, blocked)
  return count.call(target, expression, others)
}

/** The changes, with instances in them. They are followed from this call on. */
export function follow(
  store: Store,
  { blocked }: Rules,
  wrap: Wrap,
  query?: Query,
  options: SubscribeOptions = {},
): AsyncIterable<Change> {
  const { parameters, ...others } = options
  const expression = toExpression(query, { parameters })
  checkQuery(expression, blocked)
  const subscribe = store.subscribe as NonNullable<typeof store.subscribe>
  const changes = subscribe.call(store, expression, others)[Symbol.asyncIterator]()
  const seen = ({ object, previous, ...change }: Change): Change => ({
    ...change,
    ...(object && { object: wrap(object) }),
    ...(previous && { previous: wrap(previous) }),
  })
  const iterator: AsyncIterableIterator<Change> = {
    async next() {
      const result = await changes.next()
      return result.done ? result : { value: seen(result.value), done: false }
    },
    async return() {
      await changes.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
