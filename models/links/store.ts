/** The store of a model in a database: each write keeps the rules of its links, in one transaction with those it concerns. */
import { derive, forward } from '../../lib/derive.js'
import { isStoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import { introduce } from '../../lib/explain.js'
import {
  can,
  type Data,
  type DeleteOptions,
  type Id,
  type MaybePromise,
  type PutOptions,
  type Store,
  type TransactionOptions,
} from '../../lib/store.js'
import { equal } from '../../lib/value.js'
import { settle, when } from '../../lib/when.js'
import { asking } from './asking.js'
import { begin, within } from './begin.js'
import type { Rule } from './graph.js'
import { valuesIn } from './ids.js'
import { committed, type Network } from './network.js'
import { type Held, heldBy } from './unit.js'

export function linkedStore(network: Network, model: string): Store<Data, Id> {
  const { graph, member } = network
  const { store, setup } = member(model)
  const inner = store as Required<typeof store>
  const from = graph.rulesFrom(model)
  const into = graph.rulesInto(model)
  const erased = into.length > 0 ? erasing(network, model) : []

  function write(method: 'put' | 'add', object: Data, options: PutOptions<Id> = {}): MaybePromise<Id> {
    const held = heldBy(object, from)
    const known = options.ifMatch
    if (held.length === 0 || (typeof known === 'object' && unchanged(known, object, from))) {
      return inner[method](object, options)
    }
    const id = options.id ?? (object[setup.idProperty] as Id | undefined)
    if (method === 'add' || id === undefined || !can(store, 'get')) return checked(method, object, options, held)
    return when(inner.get(id, { signal: options.signal }), current => {
      if (!current || !unchanged(current, object, from)) return checked(method, object, options, held)
      checkPrecondition(current, options, id)
      return settle(
        () => inner.put(object, { ...options, ifMatch: current }),
        id => id,
        error => {
          if (!isStoreError(error, 'PreconditionFailedError')) throw error
          return checked(method, object, options, held)
        },
      )
    })
  }

  /** Writes together with the stores to which the object links. */
  function checked(method: 'put' | 'add', object: Data, options: PutOptions<Id>, held: Held): MaybePromise<Id> {
    const targets = held.map(({ rule }) => rule.to).filter(name => can(member(name).store, 'delete'))
    const { signal, actor, reason } = options
    return within(network, [...new Set([model, ...targets])], { signal, actor, reason }, ({ targets, unit }) => {
      const own = targets(model) as Required<ReturnType<typeof targets>>
      return when(own[method](object, options), id => {
        unit.wrote(model, method, id, held)
        return id
      })
    })
  }

  const wrapped = derive<Data, Id>(store, {
    ...asking(store, model, network, committed(network)),
    get: forward,
    put: from.length > 0 ? (object, options) => write('put', object, options) : forward,
    add: from.length > 0 ? (object, options) => write('add', object, options) : forward,
    delete:
      into.length > 0
        ? (id: Id, options: DeleteOptions = {}) => {
            const { signal, actor, reason } = options
            return within(network, erased, { signal, actor, reason }, ({ unit }) => unit.erase(model, id, options))
          }
        : forward,
    transaction: (options?: TransactionOptions) =>
      when(begin(network, transacting(network, model), options), begun => begun.on(model)),
    subscribe: forward,
    setSchema: forward,
    close: forward,
  })
  return introduce(wrapped, { name: 'linked', options: { rules: from.length + into.length }, inner: [store] })
}

/** The models that a transaction on this one is about. */
export function transacting({ graph, member }: Network, model: string): readonly string[] {
  return graph.reach(model).filter(name => can(member(name).store, 'transaction'))
}

/** The models whose objects a deletion can concern. */
function erasing({ graph }: Network, model: string): readonly string[] {
  const deleted = new Set([model])
  const concerned = new Set([model])
  // a set that grows while it is iterated
  for (const name of deleted) {
    for (const { from, onDelete } of graph.rulesInto(name)) {
      concerned.add(from)
      if (onDelete === 'cascade') deleted.add(from)
    }
  }
  return [...concerned]
}

/** Do both have the same links? */
function unchanged(one: object, other: object, rules: readonly Rule[]): boolean {
  return rules.every(({ property }) => equal(valuesIn(one, property), valuesIn(other, property)))
}
