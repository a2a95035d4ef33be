import { type Plan, plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { CountOptions, Options, Query, QueryOptions } from '../../lib/store.js'
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
  if (planned.condition === undefined && planned.stages.length === 0) return view.size
  return counted(...narrowed(view, planned))
}

function narrowed<T extends object>(view: View<T>, planned: Plan): [objects: Iterable<T>, plan: Plan] {
  const { objects, exact } = view.find(planned.condition)
  return [objects, exact ? { condition: undefined, stages: planned.stages } : planned]
}
