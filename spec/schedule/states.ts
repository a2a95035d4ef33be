import { derive } from '../../lib/derive.js'
import type { Id, Store } from '../../lib/store.js'
import { when } from '../../lib/when.js'
import { forwarded, forwardedInside } from '../forwarded.js'

/** All states that a store has been in. */
export interface States<T> {
  /** The state of now, by its number. */
  readonly now: number
  /** The number of the state that was the latest at a time. */
  at(time: number): number
  /** Is the answer that of a state which was the latest at some time from `since` until now? */
  fits(since: number, answer: (state: ReadonlyMap<Id, T>) => boolean): boolean
}

/** Writes down every state of a synchronous store: after each write by itself, and after each commit. */
export function states<T extends object>(inner: Required<Store<T, Id>>, ids: readonly Id[], clock = () => 0) {
  const known: ReadonlyMap<Id, T>[] = []
  const times: number[] = []

  function note<R>(result: R): R {
    times.push(clock())
    known.push(
      new Map(
        ids.flatMap(id => {
          const object = inner.get(id) as T | undefined
          return object ? [[id, object] as const] : []
        }),
      ),
    )
    return result
  }

  note(undefined)
  const noted = derive(inner, {
    ...forwarded,
    put: (object, options) => when(inner.put(object, options), note),
    add: (object, options) => when(inner.add(object, options), note),
    delete: (id, options) => when(inner.delete(id, options), note),
    transaction: options =>
      when(inner.transaction(options), tx => derive(tx, { ...forwardedInside, commit: () => when(tx.commit(), note) })),
  }) as Required<Store<T, Id>>

  const history: States<T> = {
    get now() {
      return known.length - 1
    },
    at: time =>
      Math.max(
        0,
        times.findLastIndex(each => each <= time),
      ),
    fits: (since, answer) => known.slice(since).some(answer),
  }
  return { noted, history }
}
