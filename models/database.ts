/** Several models that know each other: links, and rules that hold in every write. */
import { StoreError } from '../lib/errors.js'
import { can, type MaybePromise, type Options, type TransactionOptions } from '../lib/store.js'
import type { TransactionLog } from '../lib/two-phase.js'
import { onEach } from '../lib/when.js'
import { connectAll } from './database/connect-all.js'
import { type DanglingOptions, dangling } from './database/dangling.js'
import { tellIndexes } from './database/indexes.js'
import { membersOf } from './database/members.js'
import { resolver } from './database/resolve.js'
import type { Connected, Dangling, Models, Within } from './database/types.js'
import { within } from './links/begin.js'
import { checkRules } from './links/needs.js'
import type { MigrateOptions, MigrationReport } from './migrate.js'

export type { Asked, Connected, Dangling, Linked, Models, RelOf, Within } from './database/types.js'

export interface DatabaseOptions {
  /** Where it is written down that several stores which last commit together, or the path of it: needed for two or more. */
  readonly log?: TransactionLog | string | undefined
}

interface Methods<M> {
  /** Does the work in one transaction on all models whose stores have them: commits when it returns, aborts when it throws. */
  transaction<R>(work: (txs: Within<M>) => MaybePromise<R>, options?: TransactionOptions): Promise<Awaited<R>>
  /**
   * What a path leads to: `users/1/employer/name`, over ids, links and properties; `users/(1,2)` to several, `users?age>30`
   * and `companies/1/employees?age>30` to those that match. `undefined` where it leads to nothing.
   */
  resolve(path: string, options?: Options): Promise<unknown>
  /** All links that lead to nothing. Reads all objects that have links. */
  dangling(options?: DanglingOptions): AsyncIterable<Dangling>
  /** Brings the objects of all models up to the versions of these. What each has to say, by its name. */
  migrate(options?: MigrateOptions): Promise<{ readonly [name: string]: MigrationReport }>
  /** Closes all stores. */
  close(): Promise<void>
}

/** The models of a database, each by its name, with the links between them. */
export type Database<M> = { readonly [N in keyof M]: Connected<M, N> } & Methods<M>

/**
 * Connects models by their links. Each becomes a class that extends it, whose instances follow links, over a store that keeps
 * their rules: what is written here never leads nowhere where `onDelete` says so, also after a deletion, in one transaction with
 * the stores concerned. A write that no rule is about costs what it did. Throws a `TypeError` for links that fit no model, and a
 * `NotSupportedError` where a rule needs transactions that a store has not got.
 */
export function database<const M extends Models>(models: M, options?: DatabaseOptions): Database<M>
export function database(models: Models, { log }: DatabaseOptions = {}): unknown {
  const members = membersOf(models, reserved)
  const network = { ...members, log: typeof log === 'string' ? logAt(log) : log }
  checkRules(network)
  const { connected, over } = connectAll(network)
  tellIndexes(network)
  const names = Object.keys(models)

  const methods: Methods<Models> = {
    async transaction<R>(
      work: (txs: Within<Models>) => MaybePromise<R>,
      options: TransactionOptions = {},
    ): Promise<Awaited<R>> {
      const able = names.filter(name => can(network.member(name).store, 'transaction'))
      if (able.length === 0) throw new StoreError('NotSupportedError', 'no store of the database has transactions')
      let followUp: () => MaybePromise<void> = () => {}
      const result = await within(network, able, options, async begun => {
        const { on, run } = over(begun)
        const txs = Object.defineProperties(
          {},
          Object.fromEntries(able.map(name => [name, { get: () => on(name), enumerable: true }])),
        )
        const result = await work(txs as Within<Models>)
        options.signal?.throwIfAborted()
        followUp = run
        return result
      })
      await followUp()
      return result as Awaited<R>
    },
    resolve: resolver(network, name => connected.get(name) as never),
    dangling: options => dangling(network, options),
    async migrate(options) {
      const done: Record<string, MigrationReport> = {}
      for (const [name, model] of Object.entries(models)) {
        const { migrate } = model as { migrate?(options?: MigrateOptions): Promise<MigrationReport> }
        if (migrate) done[name] = await migrate.call(model, options)
      }
      return done
    },
    async close() {
      await onEach(names, name => network.member(name).store.close?.())
    },
  }
  return Object.freeze({ ...Object.fromEntries(connected), ...methods })
}

const reserved: readonly string[] = ['transaction', 'resolve', 'dangling', 'migrate', 'close', 'then', '__proto__']

/** Opened when it is needed: what keeps it needs Node, and a database runs in a browser as well. */
function logAt(path: string): TransactionLog {
  let opened: Promise<TransactionLog> | undefined
  async function open(): Promise<TransactionLog> {
    const { transactionLog } = await import('../stores/transaction-log.js')
    return transactionLog({ path })
  }
  return {
    async begin(options) {
      opened ??= open()
      return (await opened).begin(options)
    },
  }
}
