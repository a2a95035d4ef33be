import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import type {
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Transaction,
  TransactionGroup,
} from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import { layer } from './layer.js'
import { countIn, queryIn } from './read.js'
import type { Table } from './table.js'
import { type Decided, decideDelete, decidePut, make } from './write.js'

/** Writes that are on the disk, or wherever they last, and wait for the decision. */
export interface Prepared {
  /** They are to last: puts them where they belong. Others see them already. */
  commit(): Promise<void>
  abort(): Promise<void>
}

export interface TransactionParts<T extends object> {
  readonly table: Table<T>
  /** Does work that reads the table; later, if something has to be read first. */
  bring<R>(work: () => MaybePromise<R>): MaybePromise<R>
  /** The answer to a query, in the form in which the store gives it. */
  answer(found: Iterable<T>): Iterable<T> | AsyncIterable<T>
  identify(object: T, options: PutOptions): Identified<T>
  /** Throws if the store is closed or the signal aborted. */
  check(options?: Options): void
  /** Makes the change set last, and then visible. */
  commit(set: readonly Decided<T>[], group: Group): MaybePromise<void>
  /** Makes sure that the change set can be committed. Absent where that cannot be done. */
  readonly prepare?: ((set: readonly Decided<T>[], group: Group) => MaybePromise<Prepared | undefined>) | undefined
  /** Makes a prepared change set visible. */
  land(set: readonly Decided<T>[]): void
}

/** With which others a transaction ends, if with any. */
type Group = TransactionGroup | undefined

/** A transaction as its store has it. */
export interface OpenTransaction<T extends object, K extends Id> {
  readonly tx: Transaction<T, K>
  /** The store closes: drops the writes, unless they are prepared. Then whoever opens it next finds out what was decided. */
  leave(): void
}

/**
 * A transaction over a table: its writes are a layer, which lands as a whole or is dropped. `ended` is called when it is over
 * and others may write.
 */
export function openTransaction<T extends object, K extends Id>(
  parts: TransactionParts<T>,
  group: Group,
  ended: () => void,
): OpenTransaction<T, K> {
  const { table, bring, identify, prepare } = parts
  const writes = layer(table)
  /** The net change of each key: what was there before the transaction, what is there now. */
  const net = new Map<Id, Decided<T>>()
  let state: 'active' | 'prepared' | 'ended' = 'active'
  /** What is done on the disk before the decision. */
  let preparing: MaybePromise<Prepared | undefined>

  function check(options?: Options): void {
    parts.check(options)
    if (state === 'ended') throw new StoreError('TransactionInactiveError', 'the transaction has ended')
  }

  function checkWrite(options?: Options): void {
    check(options)
    if (state === 'prepared') throw new StoreError('TransactionInactiveError', 'the transaction is prepared to commit')
  }

  function write(decided: Decided<T>): void {
    const { key, object } = decided
    const previous = table.get(key)
    make(writes, decided)
    if (object || previous) net.set(key, previous ? { ...decided, previous } : withoutPrevious(decided))
    else net.delete(key)
  }

  /** Ends it when the work is done, however that goes. */
  function endAfter(work: () => MaybePromise<void>): MaybePromise<void> {
    state = 'ended'
    return settle(work, ended, error => {
      ended()
      throw error
    })
  }

  const put =
    (method: 'put' | 'add') =>
    (object: T, options: PutOptions = {}) => {
      checkWrite(options)
      const identified = identify(object, options)
      return bring(() => {
        checkWrite(options)
        write(decidePut(writes, method, identified, options))
        return identified.id as K
      })
    }

  const tx: { -readonly [M in keyof Transaction<T, K>]: Transaction<T, K>[M] } = {
    get(id, options) {
      check(options)
      return bring(() => {
        const object = writes.get(toKey(id))
        if (object === undefined) checkId(id)
        return copy(object)
      })
    },
    put: put('put'),
    add: put('add'),
    delete(id, options: DeleteOptions = {}) {
      checkWrite(options)
      return bring(() => {
        checkWrite(options)
        const decided = decideDelete(writes, id, options)
        if (decided) write(decided)
        return decided !== undefined
      })
    },
    query: (query, options) => parts.answer(queryIn(writes, check, query, options)),
    count(query, options) {
      check(options)
      return bring(() => countIn(writes, check, query, options))
    },
    commit() {
      check()
      const set = [...net.values()]
      if (state !== 'prepared') return endAfter(() => parts.commit(set, group))
      parts.land(set)
      return endAfter(() => when(preparing, prepared => prepared?.commit()))
    },
    abort() {
      if (state === 'ended') return
      return endAfter(() => when(preparing, prepared => prepared?.abort()))
    },
  }

  if (prepare) {
    tx.prepare = () => {
      checkWrite()
      state = 'prepared'
      const set = [...net.values()]
      preparing = set.length > 0 ? prepare(set, group) : undefined
      return when(preparing, nothing)
    }
  }

  function leave(): void {
    if (state === 'ended') return
    // what is on its way to the disk must have arrived before the store is closed
    void endAfter(() => settle(() => preparing, nothing, nothing))
  }

  return { tx: Object.freeze(tx), leave }
}

function nothing(): void {}

function withoutPrevious<T extends object>({ type, key, id, object }: Decided<T>): Decided<T> {
  return { type, key, id, ...(object && { object }) }
}
