/** What `persisto` is given besides a configuration, and what it gives besides the methods generated from that. */
import type { Store } from '../../lib/store.js'
import type { TransactionLog } from '../../lib/two-phase.js'
import type { Checked, Config, Fields, Grouping, IndexDefinition, NoOthers, Relation } from './config.js'
import type { IdGenerator } from './ids.js'
import type { Logger } from './log-event.js'
import type { MethodInfo } from './method.js'
import type { Strategy } from './strategy.js'
import type { Generated } from './types.js'

export interface PersistoOptions {
  /** One store for all; unique fields of different types then need different names. */
  readonly store?: Store | undefined
  /** A store for each name: by default a directory for each type, in `path`. */
  readonly strategy?: Strategy | undefined
  /** The folder of the default strategy, and of the log of its transactions: `work_space_data` by default. */
  readonly path?: string | undefined
  /** Where it is written down that several stores which last commit together: in `path` by default. */
  readonly log?: TransactionLog | string | undefined
  /** Is told of what was done, and closed by `shutDown`. What it keeps is kept before a method resolves. */
  readonly logger?: Logger | undefined
  /** How objects get their ids, all or by type: `counted` by default. */
  readonly ids?: IdGenerator | { readonly [type: string]: IdGenerator } | undefined
  /** Sorts text by the rules of a language, as in `'en'`, in memory; by default by the codes of its characters. */
  readonly locale?: string | undefined
  /**
   * Milliseconds between saves. With it, methods resolve before objects last, and **what was not saved is lost if the process
   * dies**. Not so for assets, ids and logs. Without it a method resolves when what it did lasts.
   */
  readonly autosave?: number | undefined
  /** The digits of points after the decimal point: 6 by default. It cannot be changed later. */
  readonly decimals?: number | undefined
  /** The time, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

interface Configuring<C> {
  /** Adds types, with all that belongs to them. Refused before anything is added where a name is taken. */
  configure<const D extends Config>(more: D & Checked<C & D> & NoOthers<D, keyof Config>): Promise<Persisto<C & D>>
  configureTypes<const T extends { readonly [type: string]: Fields }>(
    types: T,
  ): Promise<Persisto<C & { readonly types: T }>>
  /** Adds an index, over what is there too. A `ConstraintError` if it is to be unique and is not. */
  createIndex<const T extends string, const D extends IndexDefinition>(
    type: T,
    index: D,
  ): Promise<Persisto<C & { readonly indexes: { readonly [K in T]: readonly [D] } }>>
  createGrouping<const N extends string, const T extends string, const F extends Grouping['by']>(
    name: N,
    type: T,
    by: F,
  ): Promise<Persisto<C & { readonly groupings: { readonly [K in N]: { readonly type: T; readonly by: F } } }>>
  createRel<const N extends string, const R extends Relation>(
    name: N,
    relation: R,
  ): Promise<Persisto<C & { readonly relations: { readonly [K in N]: R } }>>
  configureAssets<const A extends NonNullable<Config['assets']>>(
    assets: A,
  ): Promise<Persisto<C & { readonly assets: A }>>
}

interface General {
  /** The methods that there are, with their arguments. */
  methods(): Promise<MethodInfo[]>
  /** The next number of its kind, from 1. */
  getNextNumber(kind: string): Promise<number>
  /** A number that is higher than all before. */
  getLogicalTimestamp(): Promise<number>
  /** What the logger knows of a user. */
  getUserLogs(user: string): Promise<readonly unknown[]>
  /** Logs that somebody came in. */
  loginEvent(user: string, data?: object): Promise<void>
  /** Saves what `autosave` has kept back. */
  forceSave(): Promise<void>
  /** Saves, and closes the stores and the logger. */
  shutDown(): Promise<void>
}

/** The methods that a configuration generates, and those that all have. */
export type Persisto<C> = Generated<C> & Configuring<C> & General
