/** Answers from one state of the index and the store, now where the store answers now. */
import { type Expression, node } from '../query/expression.js'
import type { Id, MaybePromise, Options, Transaction } from '../store.js'
import { when } from '../when.js'

/** What is read: a store, or a transaction on it. */
export type Source<T extends object, K extends Id> = Required<Pick<Transaction<T, K>, 'get' | 'query' | 'count'>>

/** What is found, in the way in which the store gives what it finds. */
export type Found<R> = Iterable<R> | AsyncIterable<R>

/** What one reader can rely on: who sees the committed objects, or those of a transaction. */
export interface Sight {
  /** Goes up whenever a write begins that the reader may come to see. */
  version(): number
  /** Of which objects the index does not know what they say now. */
  doubt(): Doubt
}

/** Which objects are to be looked at themselves, by their keys: these, or all. */
export type Doubt = ReadonlySet<Id> | 'all'

/** How often to ask anew when a write came in between, before the index is left aside. */
const tries = 3

/**
 * Asks the store for what the index says. Objects that are being written are looked at themselves; if a write began
 * while the store was reading, it is asked again, and in the end for everything.
 */
export function oneState<R>(sight: Sight, ask: (doubt: Doubt) => MaybePromise<R>, left = tries): MaybePromise<R> {
  const version = sight.version()
  return when(ask(left > 0 ? sight.doubt() : 'all'), answer =>
    left === 0 || sight.version() === version ? answer : oneState(sight, ask, left - 1),
  )
}

/** Nothing is in doubt: the index alone decides. */
export function isCertain(doubt: Doubt): boolean {
  return doubt !== 'all' && doubt.size === 0
}

/** The ids that may be those of the objects: of an integer nobody knows before it is stored how it is written there. */
export function spellings(keys: Iterable<Id>): Id[] {
  return Array.from(keys, key => (typeof key === 'number' ? [key, `${key}`] : [key])).flat()
}

/** What was found, to be iterated now; all of it, if it comes later. */
export function gathered<R>(found: Found<R>): MaybePromise<Iterable<R>> {
  return Symbol.iterator in found ? found : listed(found)
}

async function listed<R>(found: AsyncIterable<R>): Promise<R[]> {
  const list: R[] = []
  for await (const each of found) list.push(each)
  return list
}

/** Finds nothing: asked only for whether one may ask. */
export const nothing: Expression = node('or', [])

/**
 * What `begin` finds when the iteration begins. What the store refuses to be asked now is refused now; the answer is
 * asynchronous if the store's own is.
 */
export function iterated<T extends object, K extends Id, R>(
  source: Source<T, K>,
  { signal }: Options,
  begin: () => MaybePromise<Iterable<R>>,
): Found<R> {
  const asked = source.query(nothing, { signal })
  if (Symbol.iterator in asked) {
    return { [Symbol.iterator]: () => until(signal, (begin() as Iterable<R>)[Symbol.iterator]()) }
  }
  return {
    async *[Symbol.asyncIterator]() {
      let some = false
      for (const each of until(signal, (await begin())[Symbol.iterator]())) {
        some = true
        yield each
      }
      // where the index finds nothing, the store has not been asked: it may be closed
      if (!some) await gathered(asked)
    },
  }
}

function* until<R>(signal: AbortSignal | undefined, items: Iterator<R>): Generator<R, undefined> {
  for (const item of { [Symbol.iterator]: () => items }) {
    signal?.throwIfAborted()
    yield item
  }
}
