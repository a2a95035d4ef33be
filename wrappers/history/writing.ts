/** Every write is committed together with its record, outside a transaction and inside. */
import { derive, forward, hide } from '../../lib/derive.js'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Id, MaybePromise, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import { beginTogether, type TransactionLog } from '../../lib/two-phase.js'
import { isPromise, settle, when } from '../../lib/when.js'
import type { Write } from '../../lib/writes.js'
import type { Entry } from './record.js'
import { failed, kept, type Unit, type UnitOptions, unitOf } from './unit.js'

export interface WritingOptions<T extends object, K extends Id> extends UnitOptions<T, K> {
  readonly inner: Store<T, K>
  readonly log: Store
  readonly coordinator: TransactionLog | undefined
}

export interface Writing<T extends object, K extends Id> {
  /** A write by itself. */
  alone(write: Write<T, K>): MaybePromise<K | boolean>
  begin(options?: TransactionOptions): MaybePromise<Transaction<T, K>>
  /** Does work in a transaction, and gives the records of what it has written. */
  within(work: (unit: Unit<T, K>) => MaybePromise<void>, options: TransactionOptions): MaybePromise<readonly Entry[]>
}

export function writing<T extends object, K extends Id>(options: WritingOptions<T, K>): Writing<T, K> {
  const { inner, log, coordinator } = options
  const stores = [inner, log]

  function open({ signal, timeout, group, ...given }: TransactionOptions): MaybePromise<Unit<T, K>> {
    return settle(
      () => beginTogether(stores, { signal, timeout, group, log: coordinator }),
      pair => unitOf(pair, given, options),
      refused,
    )
  }

  function finish(
    opening: MaybePromise<Unit<T, K>>,
    work: (unit: Unit<T, K>) => MaybePromise<void>,
  ): MaybePromise<readonly Entry[]> {
    return when(opening, unit =>
      settle(
        () => work(unit),
        () => unit.commit(),
        error => failed(unit, error),
      ),
    )
  }

  return {
    within: (work, options) => finish(open(options), work),
    alone(write) {
      const opening = open({ signal: write.options?.signal })
      const asked = isPromise(opening) ? kept(write) : write
      let result: K | boolean
      const work = (unit: Unit<T, K>) =>
        when(unit.write(asked), given => {
          result = given
        })
      return when(finish(opening, work), () => result)
    },
    begin: (options = {}) =>
      when(open(options), ({ inner, write, prepare, commit, abort }) =>
        derive<T, K>(inner, {
          get: forward,
          query: forward,
          count: forward,
          put: (object, options) => write({ method: 'put', object, options }) as MaybePromise<K>,
          add: (object, options) => write({ method: 'add', object, options }) as MaybePromise<K>,
          delete: (id, options) => write({ method: 'delete', id, options }) as MaybePromise<boolean>,
          prepare: prepare ?? hide,
          commit: () => when(commit(), () => {}),
          abort,
        }),
      ),
  }
}

function refused(error: unknown): never {
  if (!isStoreError(error, 'NotSupportedError')) throw error
  const hint = 'where both last, keep them in one database, or give a coordinator: transactionLog({ path })'
  const message = `the store and its history cannot commit together; ${hint}. ${error.message}`
  throw new StoreError('NotSupportedError', message, { cause: error })
}
