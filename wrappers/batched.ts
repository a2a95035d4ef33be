import { derive, forward, type Wrapped } from '../lib/derive.js'
import { introduce } from '../lib/explain.js'
import { idPropertyOf } from '../lib/id-property.js'
import { checkStore } from '../lib/need.js'
import { can, type Id, type Store, type Transaction } from '../lib/store.js'
import { when } from '../lib/when.js'
import { type Batching, batching } from './batched/batching.js'

export interface BatchedOptions {
  /** How many ids one query asks for at most: 100 by default. */
  readonly max?: number | undefined
  /** The property that holds an object's id: by default that of the inner store, where it says it, else `id`. */
  readonly idProperty?: string | undefined
}

/** `get` that answers later, as it waits for others. */
type Later<S extends Store> = S extends { get(...args: infer A): infer R; query(...args: never): unknown }
  ? { get(...args: A): Promise<Awaited<R>> }
  : object

/**
 * Gets that are asked for in one turn of the event loop become one query, `in(id,(…))`: for a store that is far away, where
 * each question costs a journey. The same id is asked for once, everybody gets a copy of his own. A write or a transaction
 * ends the turn: what was asked for before is asked before. A single get is a get. A store that answers at
 * once gains nothing and only loses by it; one without `query` is given back as it is.
 */
export function batched<S extends Store>(inner: S, options?: BatchedOptions): Wrapped<S, never, Later<S>>
export function batched<T extends object, K extends Id>(
  inner: Store<T, K>,
  { max = 100, idProperty: said }: BatchedOptions = {},
): Store<T, K> {
  if (!Number.isSafeInteger(max) || max < 1) throw new TypeError(`max is an integer above 0, not ${max}`)
  checkStore(inner)
  const idProperty = idPropertyOf(inner, said)
  const gets = batching<T, K>(inner, { max, idProperty })
  const begin = ending(gets, inner.transaction?.bind(inner))
  const store = derive<T, K>(inner, {
    ...inTurn(inner, gets),
    subscribe: forward,
    transaction: options =>
      when((begin as NonNullable<typeof begin>)(options), tx => {
        const own = batching<T, K>(tx, { max, idProperty })
        return derive<T, K>(tx, {
          ...inTurn(tx, own),
          prepare: ending(own, tx.prepare?.bind(tx)) ?? forward,
          commit: ending(own, tx.commit.bind(tx)),
          abort: ending(own, tx.abort.bind(tx)),
        })
      }),
    setSchema: forward,
    close: ending(gets, inner.close?.bind(inner)) ?? forward,
  })
  return introduce(store, {
    name: 'batched',
    options: { max },
    inner: [inner],
    numbers: () => ({ ...gets.numbers }),
  })
}

/** The methods by which objects are read and written, in the order in which they are called. */
function inTurn<T extends object, K extends Id>(target: Store<T, K> | Transaction<T, K>, gets: Batching<T>) {
  return {
    get: can(target, 'get') && can(target, 'query') ? gets.get : forward,
    put: ending(gets, target.put?.bind(target)) ?? forward,
    add: ending(gets, target.add?.bind(target)) ?? forward,
    delete: ending(gets, target.delete?.bind(target)) ?? forward,
    query: forward,
    count: forward,
  } as const
}

/** Asks what is to be asked before the call is made. */
function ending<A extends unknown[], R>(gets: Pick<Batching<object>, 'ask'>, call: (...args: A) => R): (...args: A) => R
function ending<A extends unknown[], R>(
  gets: Pick<Batching<object>, 'ask'>,
  call: ((...args: A) => R) | undefined,
): ((...args: A) => R) | undefined
function ending<A extends unknown[], R>(gets: Pick<Batching<object>, 'ask'>, call: ((...args: A) => R) | undefined) {
  return (
    call &&
    ((...args: A): R => {
      gets.ask()
      return call(...args)
    })
  )
}
