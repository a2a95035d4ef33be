import { derive, forward } from '../../lib/derive.js'
import { toKey } from '../../lib/id.js'
import type { Id, MaybePromise, Transaction } from '../../lib/store.js'
import { settle, when } from '../../lib/when.js'
import type { KeyOf } from './key-of.js'
import type { Underway, Writing } from './writing.js'

export interface TransactionParts {
  readonly writing: Writing
  readonly keyOf: KeyOf
}

/** A transaction, which is read past the cache; what it has written is forgotten there when it commits. */
export function cachedTransaction<T extends object, K extends Id>(
  tx: Transaction<T, K>,
  { writing, keyOf }: TransactionParts,
): Transaction<T, K> {
  const keys = new Set<Id>()
  let underway: Underway | undefined
  let prepared = false

  function note(key: Id | undefined): void {
    if (key !== undefined) keys.add(key)
  }

  const put =
    (method: 'put' | 'add'): NonNullable<typeof tx.put> =>
    (object, options) => {
      note(keyOf(object, options))
      return when((tx[method] as NonNullable<typeof tx.put>)(object, options), id => {
        note(toKey(id))
        return id
      })
    }

  /** Does what may end it. */
  function ending(work: () => MaybePromise<void>, done: () => void): MaybePromise<void> {
    return settle(work, done, error => {
      underway?.failed(error)
      throw error
    })
  }

  return derive(tx, {
    get: forward,
    put: put('put'),
    add: put('add'),
    delete(id, options) {
      note(toKey(id))
      return (tx.delete as NonNullable<typeof tx.delete>)(id, options)
    },
    query: forward,
    count: forward,
    prepare() {
      prepared = true
      underway = writing.begin(keys)
      return ending(
        () => tx.prepare?.(),
        () => {},
      )
    },
    commit() {
      if (!prepared) underway = writing.begin(keys)
      return ending(
        () => tx.commit(),
        () => underway?.seen(),
      )
    },
    abort: () =>
      ending(
        () => tx.abort(),
        () => underway?.seen(),
      ),
  })
}
