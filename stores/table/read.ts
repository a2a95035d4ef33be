import { match } from '../../lib/query/match.js'
import { type Plan, plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { CountOptions, MaybePromise, Options, Query, QueryOptions } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import type { View } from './table.js'

/** The answer to a query, read from one state of the view: the one when iteration begins. Gives fresh copies. */
export function queryIn<T extends object>(
  view: View<T>,
  check: (options?: Options) => void,
  query?: Query,
  options: QueryOptions = {},
): Iterable<T> {
  check(options)
  const planned = plan(query, options)
  return {
    [Symbol.iterator]() {
      check(options)
      // stored objects are never changed, only replaced: holding them is holding the state
      const found = [...run(...narrowed(view, planned))] as T[]
      const few = found.length <= atOnce && options.signal === undefined
      return few ? found.map(each => copy(each)).values() : copies(found, options)
    },
  }
}

/** The same answer, where what it is read from may have to be read first: `read` does so. */
export function eventually<T>(
  answer: Iterable<T>,
  read: (work: () => Iterator<T>) => MaybePromise<Iterator<T>>,
): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      const found = await read(() => answer[Symbol.iterator]())
      yield* { [Symbol.iterator]: () => found }
    },
  }
}

/** How many results are copied before the first is given, which is faster than one by one. */
const atOnce = 1000

function* copies<T>(found: readonly T[], { signal }: Options): Generator<T, undefined> {
  for (const each of found) {
    signal?.throwIfAborted()
    yield copy(each)
  }
}

export function countIn<T extends object>(
  view: View<T>,
  check: (options?: Options) => void,
  query?: Query,
  options: CountOptions = {},
): number {
  check(options)
  const planned = plan(query, options)
  if (planned.condition === undefined && planned.stages.length === 0) return view.size()
  return counted(...narrowed(view, planned))
}

/** The objects that the rest of the plan works on, and that rest: what an index or a loop can do is done. */
function narrowed<T extends object>(view: View<T>, { condition, stages }: Plan): [objects: Iterable<T>, plan: Plan] {
  const { objects, exact } = view.find(condition)
  const rest = { condition: undefined, stages }
  if (exact) return [objects, rest]
  if (cuts.has(stages[0]?.name ?? '')) return [objects, { condition, stages }]
  return [matching(objects, match(condition)), rest]
}

/** The stages that may not need all that matches. */
const cuts = new Set(['limit', 'first', 'one'])

/** All that match, found by a plain loop: a generator takes twice as long. */
function matching<T extends object>(objects: Iterable<T>, test: (object: T) => boolean): T[] {
  const found: T[] = []
  for (const object of objects) if (test(object)) found.push(object)
  return found
}
