/** Every write is committed together with the version that it replaces. */
import { derive, hide, provide } from '../../lib/derive.js'
import { within } from '../../lib/marked.js'
import type { Id, MaybePromise, Options, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import type { Participant } from '../../lib/take-part.js'
import { beginTogether, type TransactionLog } from '../../lib/two-phase.js'
import { checkedCopy } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import type { Counting } from './counting.js'
import { reading } from './reading.js'
import type { Versions } from './versions.js'

export interface PairingOptions<T extends object, K extends Id> {
  readonly inner: Store<T, K>
  readonly store: Store
  readonly log: TransactionLog | undefined
  readonly counting: Counting<T, K>
  readonly versions: Versions<T>
}

type Writing<T extends object, K extends Id> = Required<Pick<Store<T, K>, 'put' | 'add' | 'delete'>>

interface Pair<T extends object, K extends Id> extends Participant {
  readonly tx: Transaction<T, K>
  readonly kept: Transaction
  readonly methods: ReturnType<typeof within<T, K, unknown>>
}

export function pairing<T extends object, K extends Id>(options: PairingOptions<T, K>) {
  const { inner, store, log, counting, versions } = options
  const { mark, idProperty } = counting.meaning

  function begin(options: TransactionOptions): MaybePromise<Pair<T, K>> {
    return when(beginTogether([inner, store], { ...options, log }), together => {
      const [tx, kept] = together.txs as [Transaction<T, K>, Transaction]

      function replaced(stored: T): MaybePromise<void> {
        const version = { revision: counting.of(stored), object: mark.seen(stored) }
        return settle(
          () => versions.keep(kept, stored[idProperty as never], version),
          () => {},
          // the write is done already: nothing of it must remain
          error => failing(together, error),
        )
      }

      return { ...together, tx, kept, methods: within<T, K, unknown>(tx, { ...counting.meaning, replaced }) }
    })
  }

  function alone<R>(work: (methods: Writing<T, K>) => MaybePromise<R>, { signal }: Options): MaybePromise<R> {
    return when(begin({ signal }), pair => {
      const fail = (error: unknown) => failing(pair, error)
      return settle(
        () => when(work(pair.methods), result => when(pair.commit(), () => result)),
        result => result,
        fail,
      )
    })
  }

  const put =
    (method: 'put' | 'add') =>
    (given: T, options: Options = {}) => {
      const object = checkedCopy(given)
      return alone(methods => methods[method](object, options), options)
    }

  return {
    put: put('put'),
    add: put('add'),
    delete: (id: K, options: Options = {}) => alone(methods => methods.delete(id, options), options),
    transaction: (options: TransactionOptions = {}): MaybePromise<Transaction<T, K>> =>
      when(begin(options), ({ tx, kept, methods, prepare, commit, abort }) =>
        derive<T, K>(tx, {
          ...methods,
          ...reading({ inner: tx, kept, counting, versions }),
          prepare: prepare ? provide(prepare) : hide,
          commit,
          abort,
        }),
      ),
  }
}

function failing({ abort }: Participant, error: unknown): MaybePromise<never> {
  const fail = () => {
    throw error
  }
  // what fails here must not hide the first error
  return settle(abort, fail, fail)
}
