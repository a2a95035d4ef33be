import { derive, forward } from '../../lib/derive.js'
import { StoreError } from '../../lib/errors.js'
import type { MaybePromise, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import { Subgroup } from '../../lib/take-part.js'
import { settle, when } from '../../lib/when.js'

/** Begins transactions on a store; only one, with a part for each, for all who begin in the same group. */
export function sharing(inner: Store): (options?: TransactionOptions) => MaybePromise<Transaction> {
  /** What the store joins a group as: its database, or itself if it names none. */
  let database: object | undefined
  let open: Shared | undefined

  function begin(options?: TransactionOptions): MaybePromise<Transaction> {
    return (inner.transaction as NonNullable<typeof inner.transaction>)(options)
  }

  return (options = {}) => {
    const { group } = options
    if (!group) return begin(options)
    const asked = database
    const joined = asked !== undefined && group.join(asked)
    if (joined && open) return open.part()
    const told = new Subgroup(group, {
      join(each) {
        database ??= each
        return each === asked ? joined : group.join(each)
      },
    })
    return when(begin({ ...options, group: told }), tx => {
      if (database === undefined) {
        database = inner
        group.join(inner)
      }
      const shared = share(tx, () => {
        if (open === shared) open = undefined
      })
      open = shared
      return shared.part()
    })
  }
}

interface Shared {
  part(): Transaction
}

/**
 * A transaction that is prepared and committed when the last who has a part in it says so, which the others who commit
 * wait for; the first aborts it.
 */
function share(tx: Transaction, over: () => void): Shared {
  const unprepared = new Set<object>()
  const undecided = new Set<object>()
  /** Those who have committed their parts, and wait for the others. */
  const waiting: { resolve(): void; reject(error: unknown): void }[] = []

  function commitWithOthers(): Promise<void> {
    const done = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    // who does not wait for it is told by the last one's error
    done.catch(() => {})
    return done
  }

  function fail(error: unknown): void {
    for (const each of waiting.splice(0)) each.reject(error)
  }

  return {
    part() {
      const self = {}
      unprepared.add(self)
      undecided.add(self)
      return derive(tx, {
        get: forward,
        put: forward,
        add: forward,
        delete: forward,
        query: forward,
        count: forward,
        prepare() {
          unprepared.delete(self)
          return unprepared.size > 0 ? undefined : tx.prepare?.()
        },
        commit() {
          undecided.delete(self)
          if (undecided.size > 0) return commitWithOthers()
          over()
          return settle(
            () => tx.commit(),
            () => {
              for (const each of waiting.splice(0)) each.resolve()
            },
            error => {
              fail(error)
              throw error
            },
          )
        },
        abort() {
          over()
          fail(new StoreError('TransactionInactiveError', 'the transaction was aborted'))
          return tx.abort()
        },
      })
    },
  }
}
