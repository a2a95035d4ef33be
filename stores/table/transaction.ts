import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import type { Id, MaybePromise, Options, PutOptions, Transaction } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { settle } from '../../lib/when.js'
import { layer } from './layer.js'
import { countIn, queryIn } from './read.js'
import type { Table } from './table.js'
import { type Decided, decideDelete, decidePut, make } from './write.js'

export interface TransactionParts<T extends object> {
  readonly table: Table<T>
  identify(object: T, options: PutOptions): Identified<T>
  /** Throws if the store is closed or the signal aborted. */
  check(options?: Options): void
  /** Makes the change set visible, and lasting. */
  land(set: readonly Decided<T>[]): MaybePromise<void>
  /** Can `land` not fail, so that a prepared transaction is sure to commit? */
  readonly preparable: boolean
  /** The transaction is over: others may write. */
  ended(): void
}

/** A transaction over a table: its writes are a layer, which lands as a whole or is dropped. */
export function openTransaction<T extends object, K extends Id>(parts: TransactionParts<T>): Transaction<T, K> {
  const { table, identify, land, preparable, ended } = parts
  const writes = layer(table)
  /** The net change of each key: what was there before the transaction, what is there now. */
  const net = new Map<Id, Decided<T>>()
  let state: 'active' | 'prepared' | 'ended' = 'active'

  function check(options?: Options): void {
    parts.check(options)
    if (state === 'ended') throw new StoreError('TransactionInactiveError', 'the transaction has ended')
  }

  function checkWrite(options?: Options): void {
    check(options)
    if (state === 'prepared') throw new StoreError('TransactionInactiveError', 'the transaction is prepared to commit')
  }

  function write(decided: Decided<T>): void {
    make(writes, decided)
    const { key, object } = decided
    const previous = table.get(key)
    if (object || previous) net.set(key, previous ? { ...decided, previous } : withoutPrevious(decided))
    else net.delete(key)
  }

  function end(): void {
    if (state === 'ended') return
    state = 'ended'
    ended()
  }

  const put =
    (method: 'put' | 'add') =>
    (object: T, options: PutOptions = {}) => {
      checkWrite(options)
      const identified = identify(object, options)
      write(decidePut(writes, method, identified, options))
      return identified.id as K
    }

  return Object.freeze<Transaction<T, K>>({
    get(id, options) {
      check(options)
      const object = writes.get(toKey(id))
      if (object === undefined) checkId(id)
      return copy(object)
    },
    put: put('put'),
    add: put('add'),
    delete(id, options = {}) {
      checkWrite(options)
      const decided = decideDelete(writes, id, options)
      if (decided) write(decided)
      return decided !== undefined
    },
    query: (query, options) => queryIn(writes, check, query, options),
    count: (query, options) => countIn(writes, check, query, options),
    ...(preparable && {
      prepare() {
        checkWrite()
        state = 'prepared'
      },
    }),
    commit() {
      check()
      state = 'ended'
      const set = [...net.values()]
      return settle(
        () => (set.length > 0 ? land(set) : undefined),
        ended,
        error => {
          ended()
          throw error
        },
      )
    },
    abort: end,
  })
}

function withoutPrevious<T extends object>({ type, key, id, object }: Decided<T>): Decided<T> {
  return { type, key, id, ...(object && { object }) }
}
