/** The classes of the models in a database, and their transactions: each follows links to the others. */
import { cursor } from '../../lib/cursor.js'
import { introduce } from '../../lib/explain.js'
import {
  can,
  type Id,
  type MaybePromise,
  type Options,
  type Query,
  type QueryOptions,
  type Store,
  type TransactionOptions,
} from '../../lib/store.js'
import { when } from '../../lib/when.js'
import { type Begun, begin } from '../links/begin.js'
import { each } from '../links/each.js'
import { checkInclude, endOf, include, including, type Models, one, refuseParts, several } from '../links/follow.js'
import type { Network } from '../links/network.js'
import { linkedStore, transacting } from '../links/store.js'
import type { Class } from '../model/access.js'
import { type Connected, type ConnectedTransaction, connect } from '../model/connect.js'
import { type Instance, type Source, sourceOf } from '../model/instance.js'
import { givesObjects } from '../model/view.js'

type Method = (...args: unknown[]) => unknown
type Methods = Readonly<Record<string, Method>>
/** What every method that can include takes last. */
type Including<O> = O & { readonly include?: readonly string[] | undefined }

interface Over {
  on(model: string): object
  run(): MaybePromise<void>
  drop(): void
}

export function connectAll(network: Network) {
  const connections = new Map<string, Connected>()
  /** Where the instances of a source find those they link to: for those of a transaction, in that. */
  const reached = new WeakMap<Source, Models>()
  const committed: Models = name => connections.get(name)?.model as never

  function followingLinks(own: Methods, name: string, models: Models): object {
    const fill = (instances: readonly object[], rels: readonly string[], options: Options) =>
      include(instances, name, rels, { network, models }, options)
    return {
      ...(own.get && {
        get(this: unknown, id: Id, options?: Including<Options>) {
          if (options?.include === undefined) return own.get?.call(this, id, options)
          const { include, ...others } = options
          const rels = checkInclude(network, name, include)
          return when(own.get?.call(this, id, others), async found => {
            if (found) await fill([found as object], rels, others)
            return found
          })
        },
      }),
      ...(own.query && {
        query(this: unknown, query?: Query, options?: Including<QueryOptions>) {
          const ask = (asked?: Query, others?: QueryOptions) => own.query?.call(this, asked, others) as never
          if (options?.include === undefined) return ask(query, options)
          const { include, ...others } = options
          const rels = checkInclude(network, name, include)
          return cursor<object>(
            (asked, { signal, ...rest }) =>
              givesObjects(asked)
                ? including(ask(asked, { signal, ...rest }), instances => fill(instances, rels, { signal }))
                : refuseParts(),
            async (asked, rest) => (ask(asked, rest) as { count(): Promise<number> }).count(),
            query,
            others,
          )
        },
      }),
    }
  }

  /** The transactions of the models that take part, each made when it is asked for. They end when the whole does. */
  function over(begun: Begun, caller?: Class): Over {
    const inside = new Map<string, object>()
    const ends: ConnectedTransaction[] = []
    const models: Models = name => (begun.has(name) ? on(name) : committed(name)) as never

    function on(name: string): object {
      const known = inside.get(name)
      if (known) return known
      const { model, within } = connections.get(name) as Connected
      const own = caller && caller.prototype instanceof (model as never) ? caller : model
      const made = within(begun.on(name), own)
      ends.push(made)
      reached.set(made.source, models)
      const methods = { ...made.methods, ...followingLinks(made.methods as Methods, name, models) }
      const tx = Object.freeze({ ...methods, prototype: own.prototype })
      inside.set(name, tx)
      return tx
    }

    return {
      on,
      run: () => each(ends, end => end.run()),
      drop: () => {
        for (const end of ends) end.drop()
      },
    }
  }

  /** The transaction of one model, over all that rules connect with it. */
  function transactionOn(name: string, model: Class, options?: TransactionOptions): MaybePromise<object> {
    return when(begin(network, transacting(network, name), options), begun => {
      const { on, run, drop } = over(begun, model)
      const tx = begun.on(name)
      const { prepare } = tx
      return Object.freeze({
        ...on(name),
        ...(prepare && { prepare }),
        commit: () => when(tx.commit(), run),
        abort: () => when(tx.abort(), drop),
      })
    })
  }

  function instanceMethods(name: string): object {
    const modelsOf = (instance: object) => reached.get(sourceOf(instance as Instance)) ?? committed
    return {
      async link(this: object, rel: string, options?: Options) {
        return one(this, endOf(network, name, rel, false), modelsOf(this), options)
      },
      async links(this: object, rel: string, query?: never, options?: QueryOptions) {
        return several(this, endOf(network, name, rel, true), network, modelsOf(this), query, options)
      },
    }
  }

  for (const name of network.names) {
    const { given } = network.member(name)
    const store = linkedStore(network, name)
    const ends = [...network.graph.ends(name).keys()]
    const connected = connect(given, {
      store,
      shown: ends,
      prototype: instanceMethods(name),
      methods: own => ({
        ...own,
        ...followingLinks(own as Methods, name, committed),
        ...(can(store, 'transaction') && {
          transaction(this: Class, options?: TransactionOptions) {
            return transactionOn(name, this, options)
          },
        }),
      }),
    })
    connections.set(name, connected)
    introduce(connected.model, {
      name: 'database',
      options: { model: name, links: ends.length > 0 ? ends.join() : undefined },
      inner: [given as Store],
    })
  }

  const connected = new Map([...connections].map(([name, { model }]) => [name, model]))
  return { connected, over }
}
