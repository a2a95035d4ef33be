/** A store with some of its methods overridden by a definition, outside a transaction and inside. */
import { type Decisions, derive, forward, provide } from '../../lib/derive.js'
import type { Store, Transaction, TransactionOptions } from '../../lib/store.js'
import { checkedCopy } from '../../lib/value.js'
import { when } from '../../lib/when.js'
import type { Target } from '../../lib/writes.js'
import { refuse } from '../schema/plain.js'

/** The methods that a definition may override. */
export const overridable = ['get', 'put', 'add', 'delete', 'query'] as const
type Overridable = (typeof overridable)[number]

// biome-ignore lint/complexity/noBannedTypes: of any signature
export type Handlers = Readonly<Partial<Record<Overridable, Function>>>

/** The store whose methods are the handlers where the definition has them. They get the inner store or transaction last. */
export function overridden(inner: Store, handlers: Handlers): Store {
  for (const name of overridable) {
    if (handlers[name] !== undefined && typeof handlers[name] !== 'function') refuse([name], 'must be a function')
  }
  if (overridable.every(name => handlers[name] === undefined)) return inner
  return derive(inner, {
    ...over(inner, handlers),
    transaction: (options?: TransactionOptions) =>
      when((inner.transaction as NonNullable<Store['transaction']>)(options), tx =>
        derive(tx, { ...over(tx, handlers), prepare: forward, commit: forward, abort: forward }),
      ),
    subscribe: forward,
    setSchema: forward,
    close: forward,
  })
}

function over(inner: Store | Transaction, handlers: Handlers): Decisions<Target<object, never>> {
  const call = (name: Overridable, first: unknown, options: unknown) =>
    handlers[name]?.call(handlers, first, options, inner)
  const decide = (name: Overridable, result = (given: unknown) => given) =>
    handlers[name] ? provide((first: unknown, options: unknown) => result(call(name, first, options))) : forward
  return {
    get: decide('get', given => when(given, fresh)),
    put: decide('put'),
    add: decide('add'),
    delete: decide('delete'),
    query: decide('query', given => freshEach(given as Iterable<unknown> | AsyncIterable<unknown>)),
    count: forward,
  } as Decisions<Target<object, never>>
}

/** A handler may give what it keeps for itself: the model goes on with a copy. */
function fresh(given: unknown): unknown {
  return typeof given === 'object' && given !== null ? checkedCopy({ given }).given : given
}

async function* freshEach(given: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<unknown, undefined> {
  for await (const each of given) yield fresh(each)
}
