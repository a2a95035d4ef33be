/** What assets are, and what can be done with them. */
import type { AssetProperties } from '../config.js'
import type { FieldValue } from '../types.js'
import type { Amount } from './amount.js'

/** One side of an entry: so much more, or less, in one balance of an account. */
export interface Line {
  readonly account: string
  readonly balance: 'available' | 'locked'
  /** In the smallest unit; negative is less. */
  readonly amount: bigint
}

/** An entry of the journal. Its lines add up to nothing: what one has more, others have less. */
export interface Entry {
  /** From 1, without gaps. */
  readonly number: number
  readonly type: string
  readonly at: Date
  readonly lines: readonly Line[]
  readonly reason?: string
  /** By which it is done once, however often it is asked for. */
  readonly operation?: string
}

/** What was done. */
export interface Done {
  readonly number: number
  readonly type: string
  readonly at: Date
  readonly amount: string
  readonly from: string
  readonly to: string
  readonly reason?: string
  readonly operation?: string
  /** It was done before, by the same operation id, and not again. */
  readonly repeated?: true
}

export interface OperationOptions {
  /** The id of the operation: asked for once more with the same, it is not done once more. */
  readonly operation?: string | undefined
}

/** What a check of all books has found. */
export interface Balance {
  /** Does it all fit? */
  readonly balanced: boolean
  readonly supply: string
  /** What is on all accounts, that of the system included. */
  readonly total: string
  readonly entries: number
  readonly accounts: number
  /** What does not fit, in words. */
  readonly problems: readonly string[]
}

type Cap<S> = Capitalize<S & string>
type Part<C> = C extends { readonly assets: infer A } ? A : Record<never, never>
type Types<C> = keyof Part<C> & string
type Values<P> = P extends readonly (infer N extends string)[]
  ? { [K in N]?: unknown }
  : { -readonly [K in keyof P]?: FieldValue<P[K]> | undefined }
type ValuesOf<C, T> = Values<Part<C>[T & keyof Part<C>]>
/** Each property of each type of asset, as `type.property`. */
type Key<C> = { [T in Types<C>]: `${T}.${keyof ValuesOf<C, T> & string}` }[Types<C>]
type TypePart<K> = K extends `${infer T}.${string}` ? T : never
type NamePart<K> = K extends `${string}.${infer N}` ? N : never
type ValueAt<C, K> = ValuesOf<C, TypePart<K>>[NamePart<K> & keyof ValuesOf<C, TypePart<K>>]

/** An asset, as it is read: its balances are decimals. */
export type AssetOf<C, T> = {
  [K in keyof ValuesOf<C, T> | 'id' | 'availableBalance' | 'lockedBalance']: K extends keyof ValuesOf<C, T>
    ? ValuesOf<C, T>[K]
    : string
}

type Generated<C> = {
  /** Opens an account for a new asset, with balances of nothing. */
  [T in Types<C> as `create${Cap<T>}`]: (values?: ValuesOf<C, T>) => Promise<AssetOf<C, T>>
} & {
  [T in Types<C> as `get${Cap<T>}`]: (id: string) => Promise<AssetOf<C, T>>
} & {
  /** Changes properties, never balances. */
  [T in Types<C> as `update${Cap<T>}`]: (id: string, values: ValuesOf<C, T>) => Promise<AssetOf<C, T>>
} & {
  /** Closes the account. A `ConstraintError` as long as there is something on it. */
  [T in Types<C> as `delete${Cap<T>}`]: (id: string) => Promise<void>
} & {
  [T in Types<C> as `has${Cap<T>}`]: (id: string) => Promise<boolean>
} & {
  [T in Types<C> as `getEvery${Cap<T>}`]: () => Promise<string[]>
} & {
  [K in Key<C> as `get${Cap<TypePart<K>>}${Cap<NamePart<K>>}`]: (id: string) => Promise<ValueAt<C, K>>
} & {
  [K in Key<C> as `set${Cap<TypePart<K>>}${Cap<NamePart<K>>}`]: (id: string, value: ValueAt<C, K>) => Promise<void>
}

interface Points {
  /** Makes all points that there will ever be, on the account `system`. Once. */
  mintPoints(amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  /** Gives points of the system to the founder. Once. */
  rewardFounder(id: string, amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  /** Gives points of the system. */
  rewardUser(id: string, amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  transferPoints(amount: Amount, from: string, to: string, reason?: string, options?: OperationOptions): Promise<Done>
  /** What is locked can be neither transferred nor spent, but unlocked, transferred as locked, or confiscated. */
  lockPoints(id: string, amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  unlockPoints(id: string, amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  /** From what one has locked to what another has locked. */
  transferLockedPoints(
    amount: Amount,
    from: string,
    to: string,
    reason?: string,
    options?: OperationOptions,
  ): Promise<Done>
  /** From what is locked to the system. */
  confiscateLockedPoints(id: string, amount: Amount, reason?: string, options?: OperationOptions): Promise<Done>
  /** What is available, as a decimal. */
  getBalance(id: string): Promise<string>
  getLockedBalance(id: string): Promise<string>
  /** The entries that concern an account, or all; from one number to before another. */
  getJournal(options?: { account?: string; from?: number; to?: number }): Promise<Entry[]>
  /** Adds the whole journal up, and compares it with all accounts. Reads everything. */
  checkBooks(): Promise<Balance>
  /** Gives somebody a role: `'owner'`, of whom there is one, or any other. */
  addController(id: string, who: string, role: string): Promise<void>
  deleteController(id: string, who: string): Promise<boolean>
  getControllers(id: string): Promise<Record<string, string>>
  hasRole(id: string, who: string, role: string): Promise<boolean>
  getOwner(id: string): Promise<string | undefined>
}

/** The methods that assets bring with them. */
export type AssetMethods<C> = C extends { readonly assets: Record<string, AssetProperties> }
  ? Generated<C> & Points
  : Record<never, never>
