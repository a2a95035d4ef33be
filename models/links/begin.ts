/** Transactions over the stores of several models, which end as one, and keep the rules of the links between them. */
import { derive, forward, hide, provide } from '../../lib/derive.js'
import type { Data, Id, MaybePromise, PutOptions, Store, Transaction, TransactionOptions } from '../../lib/store.js'
import type { Participant } from '../../lib/take-part.js'
import { beginTogether } from '../../lib/two-phase.js'
import { settle, when } from '../../lib/when.js'
import { asking } from './asking.js'
import type { Network, Targets } from './network.js'
import { heldBy, type Unit, unit } from './unit.js'

export interface Begun {
  /** Of the models that take part, their transactions; of the others, their stores. */
  readonly targets: Targets
  readonly unit: Unit
  has(model: string): boolean
  /** The transaction of a model, as part of the whole: it ends the whole. */
  on(model: string): Transaction<Data, Id>
  commit(): MaybePromise<void>
  abort(): MaybePromise<void>
}

/** Begins on the stores of these models, in one order for everybody. */
export function begin(
  network: Network,
  models: readonly string[],
  options: TransactionOptions = {},
): MaybePromise<Begun> {
  const { member, log } = network
  const stores = models.map(model => member(model).store as Required<Store<Data, Id>>)
  const [only, ...others] = stores
  const beginning: MaybePromise<Participant> =
    only && others.length === 0
      ? when(only.transaction(options), participantOf)
      : beginTogether(stores, { ...options, log })
  return when(beginning, participant => begun(network, models, participant))
}

function participantOf(tx: Transaction): Participant {
  return {
    txs: [tx],
    prepare: tx.prepare && (() => tx.prepare?.()),
    commit: () => tx.commit(),
    abort: () => tx.abort(),
  }
}

function begun(network: Network, models: readonly string[], participant: Participant): Begun {
  const { graph, member } = network
  const txs = new Map(models.map((model, position) => [model, participant.txs[position] as Transaction<Data, Id>]))
  const targets: Targets = model => (txs.get(model) ?? member(model).store) as ReturnType<Targets>
  const rules = unit(network, targets)
  const { prepare } = participant
  let checked = false
  let ended = false

  function check(): MaybePromise<void> {
    if (checked) return
    return when(rules.check(), () => {
      checked = true
    })
  }

  function commit(): MaybePromise<void> {
    return settle(
      check,
      () =>
        when(participant.commit(), () => {
          ended = true
        }),
      error =>
        when(abort(), () => {
          throw error
        }),
    )
  }

  function abort(): MaybePromise<void> {
    ended = true
    return participant.abort()
  }

  function on(model: string): Transaction<Data, Id> {
    const tx = txs.get(model) as Transaction<Data, Id>
    const own = tx as Required<typeof tx>
    const from = graph.rulesFrom(model)
    const writing = (method: 'put' | 'add') => (object: Data, options?: PutOptions<Id>) => {
      const held = heldBy(object, from)
      return when(own[method](object, options), id => {
        rules.wrote(model, method, id, held)
        return id
      })
    }
    return derive<Data, Id>(tx, {
      ...asking(tx, model, network, targets),
      get: forward,
      put: from.length > 0 ? writing('put') : forward,
      add: from.length > 0 ? writing('add') : forward,
      delete: graph.rulesInto(model).length > 0 || from.length > 0 ? rules.erase.bind(undefined, model) : forward,
      prepare: prepare ? provide(() => when(check(), prepare)) : hide,
      commit,
      // once it has ended, its own transaction says so
      abort: () => (ended ? tx.abort() : abort()),
    })
  }

  return { targets, unit: rules, has: model => txs.has(model), on, commit, abort }
}

/** Does the work in a transaction of its own. Synchronous where the stores are. */
export function within<R>(
  network: Network,
  models: readonly string[],
  options: TransactionOptions,
  work: (begun: Begun) => MaybePromise<R>,
): MaybePromise<R> {
  return when(begin(network, models, options), begun =>
    settle(
      () => when(work(begun), result => when(begun.commit(), () => result)),
      result => result,
      error => {
        const fail = () => {
          throw error
        }
        // what fails here must not hide the first error
        return settle(() => begun.abort(), fail, fail)
      },
    ),
  )
}
