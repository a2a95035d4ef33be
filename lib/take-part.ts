/** Transactions on several stores that end as one: how a store that is made of several takes part in a larger transaction. */
import { StoreError } from './errors.js'
import { rank } from './rank.js'
import {
  can,
  type MaybePromise,
  type Store,
  type Transaction,
  type TransactionGroup,
  type TransactionOptions,
} from './store.js'
import { onEach, settle, when } from './when.js'

export interface Participant {
  /** One for each store, in their order. */
  readonly txs: readonly Transaction[]
  /** As that of a transaction: absent if one of them cannot. */
  readonly prepare?: (() => MaybePromise<void>) | undefined
  commit(): MaybePromise<void>
  abort(): MaybePromise<void>
}

/**
 * Begins on each store, in one order for everybody, so that two callers cannot wait for each other. Whoever coordinates the
 * group sees them as one store. Costs what the transactions do, and is synchronous if they are.
 */
export function takePart(
  stores: readonly Store[],
  group: TransactionGroup,
  { signal, timeout, actor, reason }: TransactionOptions,
): MaybePromise<Participant> {
  const begun = new Map<Store, Transaction>()
  /** Those whose writes outlast the process, as far as we know. */
  const lasting = new Set<Transaction>()
  /** Where they last: a database that was joined, or a transaction that joins none. */
  const places = new Set<object>()
  let landed = () => {}
  let prepared = false

  function begin(store: Store): MaybePromise<void> {
    if (!can(store, 'transaction')) throw new StoreError('NotSupportedError', 'a store has no transactions')
    let lasts = false
    const own = new Subgroup(group, {
      join(database) {
        lasts = true
        places.add(database)
        return group.join(database)
      },
      landed: () => landed(),
    })
    return when(store.transaction({ signal, timeout, actor, reason, group: own }), tx => {
      begun.set(store, tx)
      if (lasts || !tx.prepare) lasting.add(tx)
      if (!lasts && !tx.prepare) places.add(tx)
    })
  }

  function beginAll(ranked: readonly Store[], from = 0): MaybePromise<void> {
    const store = ranked[from]
    return store && when(begin(store), () => beginAll(ranked, from + 1))
  }

  function participant(): Participant {
    const txs = [...begun.values()]
    const able = txs.every(tx => tx.prepare)
    if (!able && places.size > 1) {
      throw new StoreError('NotSupportedError', 'a store cannot take part: its transactions cannot prepare (two-phase)')
    }
    function prepare(): MaybePromise<void> {
      prepared = true
      return onEach(txs, tx => tx.prepare?.())
    }
    return {
      txs: stores.map(store => begun.get(store) as Transaction),
      prepare: able ? prepare : undefined,
      // in one go, so that nobody sees the writes of some without those of the others
      commit: () => (prepared ? onEach(txs, tx => tx.commit()) : commitUnprepared(txs)),
      abort,
    }
  }

  /** One database at most takes part: when it commits, that is the decision. */
  function commitUnprepared(txs: readonly Transaction[]): MaybePromise<void> {
    const others = txs.filter(tx => !lasting.has(tx))
    let ends: MaybePromise<void>
    landed = () => {
      landed = () => {}
      ends = settle(
        () => onEach(others, tx => tx.commit()),
        () => {},
        error => {
          throw lasting.size > 0 ? halfDone(error) : error
        },
      )
      group.landed?.()
    }
    const preparing = txs.length > 1 ? onEach(others, tx => tx.prepare?.()) : undefined
    return when(preparing, () =>
      when(
        // of those that share a database, each waits for the others
        onEach(lasting, tx => tx.commit()),
        () => {
          landed()
          return ends
        },
      ),
    )
  }

  function abort(): MaybePromise<void> {
    return settle(
      () => onEach(begun.values(), tx => tx.abort()),
      () => {},
      () => {},
    )
  }

  return settle(
    () => when(beginAll(inRank(stores)), participant),
    begun => begun,
    error =>
      when(abort(), () => {
        throw error
      }),
  )
}

/**
 * A group within a group: they end with the rest, and it decides who joins what. A class, as a literal with accessors has a
 * shape of its own each time it is made, which costs more than the rest of a transaction.
 */
export class Subgroup implements TransactionGroup {
  readonly #group: TransactionGroup
  readonly join: TransactionGroup['join']
  readonly landed: () => void

  constructor(
    group: TransactionGroup,
    { join, landed = () => group.landed?.() }: Pick<TransactionGroup, 'join' | 'landed'>,
  ) {
    this.#group = group
    this.join = join
    this.landed = landed
  }

  get coordinator() {
    return this.#group.coordinator
  }

  get doubt() {
    return this.#group.doubt
  }
}

/** What came after the decision failed. */
export function halfDone(cause: unknown): StoreError {
  const message = 'the transaction is decided and will last, but a store could not yet do its part'
  return new StoreError('OutcomeUnknownError', `${message}: it will when it is used or opened next`, { cause })
}

/** Each store once, in the order in which they were first seen here. */
function inRank(stores: readonly Store[]): readonly Store[] {
  const inOrder = stores.every((store, at) => at === 0 || rank(stores[at - 1] as Store) < rank(store))
  return inOrder ? stores : [...new Set(stores)].sort((a, b) => rank(a) - rank(b))
}
