import { derive, forward, provide, type Wrapped } from '../lib/derive.js'
import { StoreError } from '../lib/errors.js'
import { introduce } from '../lib/explain.js'
import { judge, type Schema } from '../lib/schema.js'
import type { Id, MaybePromise, PutOptions, Query, QueryOptions, Store } from '../lib/store.js'
import { transaction, type Within } from '../lib/transaction.js'
import { checkedCopy } from '../lib/value.js'
import { type Conflict, node } from './replicated/node.js'
import { checkOptions, type Replicas, type ReplicatedOptions } from './replicated/options.js'
import { reading } from './replicated/reading.js'
import { isPeer, type Peer } from './replicated/replica.js'
import type { Lag } from './replicated/sending.js'

export type { Resolve } from './replicated/conflict.js'
export type { Conflict } from './replicated/node.js'
export type { Replicas, ReplicatedOptions } from './replicated/options.js'
export type { ReadFrom } from './replicated/reading.js'
export type { Peer } from './replicated/replica.js'
export type { Lag } from './replicated/sending.js'

/** What a replicated store has besides the methods of a store. */
export interface Replication<T extends object, K extends Id> {
  /**
   * What this node knows of each object, for other nodes: they put what they know, in any order and however often, and query
   * or follow what they do not. It may be served like any store, to those who may read and write everything.
   */
  readonly changes: Required<Pick<Store, 'put' | 'query'>> & Pick<Store, 'subscribe'>
  /** Comes when all replicas have everything that is acknowledged so far. */
  settled(): Promise<void>
  /** How far each replica is behind, by its name. */
  lag(): Readonly<Record<string, Lag>>
  /**
   * The writes that lost against others they did not know, and those of other nodes that no model of this node would write
   * (with `issues`), until somebody drops them.
   */
  conflicts(): Promise<readonly Conflict<T, K>[]>
  /** The conflict is settled: forgets the version that lost, on all nodes. `false` if that has happened. */
  dropConflict(conflict: Pick<Conflict<T, K>, 'id' | 'version'>): Promise<boolean>
}

type Reads = 'get' | 'query' | 'count'
/** What may have to wait for another store. */
type ReadsOf<S extends object, T extends object, K extends Id> = {
  [M in keyof Pick<S, Extract<keyof S, Reads>>]: M extends Reads ? NonNullable<Store<T, K>[M]> : never
}

/**
 * Keeps copies. Every write goes to the primary, and from there to the replicas, through a change log that lasts: what is down gets it when
 * it is back, after a crash too. A replica is a store, which nobody else writes to, or a `Peer`: another replicated store, with
 * which changes are exchanged both ways. Peers agree in the end, whatever is lost, late, doubled or wrong by the clock: a write
 * that has seen another wins over it; of two that have not, the later one wins, and the other is among `conflicts()`.
 */
export function replicated<S extends Store, T extends object, K extends Id>(
  primary: S & Store<T, K>,
  replicas: Replicas<T, K>,
  options: ReplicatedOptions<T, K> & { readonly read?: 'primary' | undefined },
): Wrapped<S, never, Replication<T, K>>
export function replicated<S extends Store, T extends object, K extends Id>(
  primary: S & Store<T, K>,
  replicas: Replicas<T, K>,
  options: ReplicatedOptions<T, K>,
): Wrapped<S, Reads, Replication<T, K> & ReadsOf<S, T, K>>
export function replicated<T extends object, K extends Id>(
  primary: Store<T, K>,
  replicas: Replicas<T, K>,
  options: ReplicatedOptions<T, K>,
): Store<T, K> & Replication<T, K> {
  const { log, mode = 'async', read = 'primary', random = Math.random } = options
  const named = Object.entries<Store<T, K> | Peer>(replicas)
  checkOptions(primary, Object.values(replicas), options)
  log.setSchema?.({ properties: { at: { index: true }, conflicted: { index: true } } })

  const valid = judge()
  const { whenOpen, begin, apply, reconsider, settled, lag, conflicts, drop, stop } = node(
    primary,
    named,
    options,
    valid,
  )
  const copies = named.map(([, replica]) => replica).filter((each): each is Store<T, K> => !isPeer(each))
  const self = { transaction: begin } as unknown as Required<Store<T, K>>
  const alone = <R>(
    work: (tx: Within<Required<Store<T, K>>>) => MaybePromise<R>,
    signal: AbortSignal | undefined,
  ): Promise<Awaited<R>> => transaction(self, work, { signal })
  const put =
    (method: 'put' | 'add') =>
    async (object: T, options?: PutOptions<K>): Promise<K> => {
      // it has to wait for the transaction
      const own = checkedCopy(object)
      return alone(tx => tx[method](own, options), options?.signal)
    }
  const { get, query, count } =
    read === 'primary'
      ? { get: forward, query: forward, count: forward }
      : reading([primary, ...copies], { read, random })

  const changes: Replication<T, K>['changes'] = Object.freeze({
    put: (given: object) => apply(given),
    query: (query?: Query, options?: QueryOptions) => (log.query as NonNullable<Store['query']>)(query, options),
    ...(log.subscribe && { subscribe: log.subscribe.bind(log) }),
  })
  const extra = {
    changes: provide(changes),
    settled: provide(settled),
    lag: provide(lag),
    conflicts: provide(conflicts),
    dropConflict: provide(drop),
  }
  const store = derive(primary, {
    ...extra,
    get,
    query,
    count,
    put: put('put'),
    add: put('add'),
    delete: (id, options) => alone(tx => tx.delete(id, options), options?.signal),
    subscribe: forward,
    transaction: begin,
    setSchema(schema) {
      if (copies.length < named.length) refuseUnique(schema)
      valid.hear(schema)
      whenOpen(() => primary.setSchema?.(schema))
      if (schema.validate) reconsider()
    },
    async close() {
      stop()
      await Promise.all([primary, log, ...copies].map(async each => each.close?.()))
    },
  } as Parameters<typeof derive<T, K>>[1])
  return introduce(store as Store<T, K> & Replication<T, K>, {
    name: 'replicated',
    options: { mode, read, peers: named.length - copies.length },
    inner: [primary, log, ...copies],
    bypassed: copies.length < named.length,
    numbers: () => Object.fromEntries(Object.entries(lag()).map(([name, { changes }]) => [`behind ${name}`, changes])),
  })
}

/** Two peers may write the same value at the same time, and neither can be refused any more. */
function refuseUnique({ properties = {} }: Schema): void {
  const unique = Object.keys(properties).find(name => properties[name]?.unique)
  if (unique === undefined) return
  throw new StoreError('NotSupportedError', `${unique} cannot be kept unique among peers that write at the same time`)
}
