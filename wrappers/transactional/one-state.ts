/** Who reads sees all of a commit or nothing of it, though it is made one write after the other. */
import { holding, lock } from '../../lib/lock.js'
import { over, overlay } from '../../lib/overlay.js'
import type { MaybePromise, Options, Store } from '../../lib/store.js'
import { isPromise, settle } from '../../lib/when.js'
import { apply, type Step, type Writable } from './apply.js'

export interface OneState {
  readonly reads: Required<Pick<Store, 'get' | 'query' | 'count'>>
  /** Makes the writes, all or none; `landed` is called at the moment when others see them. */
  commit(steps: readonly Step[], landed?: () => void): MaybePromise<void>
}

export function oneState(
  inner: Writable,
  { idProperty, check }: { readonly idProperty: string | undefined; check(options?: Options): void },
): OneState {
  /** Those who read, or one commit. */
  const turn = lock()
  /** While a commit is being made: what was stored before it. */
  const before = overlay<object>()
  const { get, query, count } = over(inner, before, {
    idProperty,
    check,
    read: async (work, { signal }) => holding(turn.read({ signal }), work),
  })

  /** A store that answers at once never waits: while a commit is being made it answers from before it. */
  function once<R>(ask: () => MaybePromise<R>, { signal }: Options = {}): MaybePromise<R> {
    const asked = turn.read({ signal })
    if (!isPromise(asked)) return holding(asked, ask)
    const early = settle(
      ask,
      value => () => value,
      error => () => {
        throw error
      },
    )
    if (isPromise(early)) return holding(asked, ask)
    asked.then(
      release => release(),
      () => {},
    )
    return early()
  }

  return {
    reads: {
      get: (id, options) => once(() => get(id, options), options),
      query,
      count: (asked, options) => once(() => count(asked, options), options),
    },
    commit(steps, landed) {
      if (steps.length === 0) return landed?.()
      return holding(turn.write(), () => {
        for (const { id, previous } of steps) before.write({ id, object: previous })
        return settle(
          () => apply(inner, steps),
          () => {
            before.clear()
            landed?.()
          },
          error => {
            before.clear()
            throw error
          },
        )
      })
    },
  }
}
