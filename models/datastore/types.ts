import type { Data } from '../../lib/store.js'
import type { Stats, Emit as ViewEmit } from '../../wrappers/views.js'

/**
 * The documents by their keys, for editors and compilers: an interface with an index signature for each kind, such as
 * ``{ [key: `user:${string}`]: User }``. Without one, a document holds anything.
 */
export interface AnyDocuments {
  [key: string]: Data
}

/** The documents of all kinds, or those under a key. */
export type DocumentOf<Documents, K extends keyof Documents = keyof Documents> = Extract<Documents[K], object>
export type KeyOf<Documents> = keyof Documents & string

/** A document as it is stored, with its revision: 0 at first, 1 more with each write. */
export type Saved<D extends object> = D & { _rev: number }
/** A document to be stored: with the revision on which it is based, or new. Where it may hold anything, of any interface. */
export type Draft<D extends object> = (D | (Data extends D ? object : never)) & { _rev?: number | undefined }

export interface ConsistencyOptions {
  /** Only if the document's `_rev` is that of what is stored, or if nothing is and it has none: so it is by default. */
  readonly checkConsistency?: boolean | undefined
}

export interface DeleteItemOptions {
  /** Only if this is the revision of what is stored. */
  readonly _rev?: number | undefined
}

export interface RangeOptions<Key = string> {
  /** Only this key. Takes the place of a range. */
  readonly key?: Key | undefined
  /** The ends of the range, both included, either way round. */
  readonly startKey?: Key | undefined
  readonly endKey?: Key | undefined
}

export interface PageOptions<Key = string> extends RangeOptions<Key> {
  /** From the high end to the low one. */
  readonly descending?: boolean | undefined
  /** How many of the range to leave out at the beginning: the `exclusiveEndIndex` of the page before. `null` is none. */
  readonly inclusiveStartIndex?: number | null | undefined
  /** Goes on after the page that gave it, whatever was written meanwhile. `null` begins at the beginning. */
  readonly cursor?: string | null | undefined
  /** How many items to give at most: 10 by default. */
  readonly limit?: number | undefined
  /** Gives the document with each item. */
  readonly includeDocuments?: boolean | undefined
}

export interface ViewPageOptions extends PageOptions<unknown> {
  /** Makes one item of the whole range, with the key `null`. */
  readonly reduce?: boolean | undefined
  /** Makes one item of all that have the same key; with a number, of all whose keys, if arrays, begin with so many same items. */
  readonly group?: boolean | number | undefined
}

export interface ResultPage<Item> {
  readonly items: Item[]
  /** The `inclusiveStartIndex` of the next page; `null` at the end of the range. */
  readonly exclusiveEndIndex: number | null
  /** The same as a place, for `cursor`: it stays where it is when others write. */
  readonly cursor: string | null
}

export interface KeyItem {
  readonly key: string
  readonly documentKey: string
}
export interface ViewItem<Key = unknown, Value = unknown> {
  readonly key: Key
  readonly value: Value
  readonly documentKey: string
}
export interface ReducedItem<Key = unknown, Value = unknown> {
  readonly key: Key
  readonly value: Value
}
export interface WithDocument<D extends object> {
  readonly document: Saved<D>
}

/** Adds a row to a view. A key or value that is left out is `null`. */
export type Emit = ViewEmit

export interface View<D extends object = Data> {
  /** Emits rows for a document, any number of them, always the same for the same document. Synchronous; it must not write. */
  map(document: Saved<D>, emit: Emit): unknown
  /** Makes one value of those of some rows: a function, or by name. */
  readonly reduce?:
    | { reduce(keys: readonly unknown[], values: readonly unknown[]): unknown }['reduce']
    | Reduction
    | undefined
}
export type Reduction = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'stats'
export type { Stats }

/** One committed write, or an edit of a file by another program. */
export interface DocumentChange<D extends object> {
  readonly type: 'put' | 'delete'
  readonly key: string
  /** What is stored now. Absent from a delete. */
  readonly document?: Saved<D>
  /** What was stored before, where that is known. */
  readonly previous?: Saved<D>
}

export interface SubscribeItemsOptions extends RangeOptions {
  /** Ends the subscription, quietly. */
  readonly signal?: AbortSignal | undefined
}

/** A file that is not served. */
export interface LoadError {
  /** The name of the file. */
  readonly name: string
  /** The key of the document that cannot be got, where the name of the file tells it. */
  readonly key?: string
  readonly error: Error
}

/** Who is told of what goes on: the console, or a logger of yours. */
export interface Logger {
  warn?(message: string, details?: object): void
}
