import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import type {
  CountOptions,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Query,
  QueryOptions,
  Transaction,
  TransactionGroup,
} from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import { Layer } from './layer.js'
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

/**
 * A transaction over a table: its writes are a layer, which lands as a whole or is dropped. `ended` is called when it is over
 * and others may write.
 *
 * A class, as V8 takes literals that were alive at a few collections for lasting ones: it would keep each transaction, with
 * all that it read and wrote, until the next full collection. Its methods are its own, so that they work by themselves.
 */
export class TableTransaction<T extends object, K extends Id> implements Transaction<T, K> {
  readonly #parts: TransactionParts<T>
  readonly #group: Group
  readonly #ended: () => void
  readonly #writes: Layer<T>
  /** The net change of each key: what was there before the transaction, what is there now. */
  readonly #net = new Map<Id, Decided<T>>()
  #state: 'active' | 'prepared' | 'ended' = 'active'
  /** What is done on the disk before the decision. */
  #preparing: MaybePromise<Prepared | undefined>
  readonly prepare?: () => MaybePromise<void>

  constructor(parts: TransactionParts<T>, group: Group, ended: () => void) {
    this.#parts = parts
    this.#group = group
    this.#ended = ended
    this.#writes = new Layer(parts.table)
    if (parts.prepare) this.prepare = () => this.#prepare(parts.prepare)
    Object.freeze(this)
  }

  readonly get = (id: K, options?: Options): MaybePromise<T | undefined> => {
    this.#check(options)
    return this.#parts.bring(() => {
      const object = this.#writes.get(toKey(id))
      if (object === undefined) checkId(id)
      return copy(object)
    })
  }

  readonly put = (object: T, options?: PutOptions): MaybePromise<K> => this.#put('put', object, options)

  readonly add = (object: T, options?: PutOptions): MaybePromise<K> => this.#put('add', object, options)

  readonly delete = (id: K, options: DeleteOptions = {}): MaybePromise<boolean> => {
    this.#checkWrite(options)
    return this.#parts.bring(() => {
      this.#checkWrite(options)
      const decided = decideDelete(this.#writes, id, options)
      if (decided) this.#write(decided)
      return decided !== undefined
    })
  }

  readonly query = (query?: Query, options?: QueryOptions): Iterable<T> | AsyncIterable<T> =>
    this.#parts.answer(queryIn(this.#writes, this.#check, query, options))

  readonly count = (query?: Query, options?: CountOptions): MaybePromise<number> => {
    this.#check(options)
    return this.#parts.bring(() => countIn(this.#writes, this.#check, query, options))
  }

  readonly commit = (): MaybePromise<void> => {
    this.#check()
    const set = [...this.#net.values()]
    if (this.#state !== 'prepared') return this.#endAfter(() => this.#parts.commit(set, this.#group))
    this.#parts.land(set)
    return this.#endAfter(() => when(this.#preparing, prepared => prepared?.commit()))
  }

  readonly abort = (): MaybePromise<void> => {
    if (this.#state === 'ended') return
    return this.#endAfter(() => when(this.#preparing, prepared => prepared?.abort()))
  }

  /**
   * Its store closes: drops the writes, unless they are prepared. Then whoever opens the store next finds out what was
   * decided.
   */
  static leave<T extends object, K extends Id>(transaction: TableTransaction<T, K>): void {
    if (transaction.#state === 'ended') return
    // what is on its way to the disk must have arrived before the store is closed
    void transaction.#endAfter(() => settle(() => transaction.#preparing, nothing, nothing))
  }

  readonly #check = (options?: Options): void => {
    this.#parts.check(options)
    if (this.#state === 'ended') throw new StoreError('TransactionInactiveError', 'the transaction has ended')
  }

  #checkWrite(options?: Options): void {
    this.#check(options)
    if (this.#state === 'prepared') {
      throw new StoreError('TransactionInactiveError', 'the transaction is prepared to commit')
    }
  }

  #put(method: 'put' | 'add', object: T, options: PutOptions = {}): MaybePromise<K> {
    this.#checkWrite(options)
    const identified = this.#parts.identify(object, options)
    return this.#parts.bring(() => {
      this.#checkWrite(options)
      this.#write(decidePut(this.#writes, method, identified, options))
      return identified.id as K
    })
  }

  #write(decided: Decided<T>): void {
    const { key, object } = decided
    const previous = this.#parts.table.get(key)
    make(this.#writes, decided)
    if (object || previous) this.#net.set(key, previous ? { ...decided, previous } : withoutPrevious(decided))
    else this.#net.delete(key)
  }

  #prepare(prepare: TransactionParts<T>['prepare']): MaybePromise<void> {
    this.#checkWrite()
    this.#state = 'prepared'
    const set = [...this.#net.values()]
    this.#preparing = set.length > 0 ? prepare?.(set, this.#group) : undefined
    return when(this.#preparing, nothing)
  }

  /** Ends it when the work is done, however that goes. */
  #endAfter(work: () => MaybePromise<void>): MaybePromise<void> {
    this.#state = 'ended'
    return settle(work, this.#ended, error => {
      this.#ended()
      throw error
    })
  }
}

function nothing(): void {}

function withoutPrevious<T extends object>({ type, key, id, object }: Decided<T>): Decided<T> {
  return { type, key, id, ...(object && { object }) }
}
