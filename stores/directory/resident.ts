import type { Id } from '../../lib/store.js'
import type { Moment } from '../files/file-system.js'
import type { Table } from '../table/table.js'

/** What is known of a file. */
export interface Known {
  readonly key: Id
  /** As it was read, or written by us. */
  readonly stat: Moment
}

/** What followers know of a file. */
export interface Past<T extends object> {
  readonly key: Id
  /** `undefined` if there was no such file. */
  readonly stat: Moment | undefined
  readonly object: T | undefined
}

/** Tells one moment of a file from another: what was read of an earlier one does not count. */
export type Mark = number

/**
 * A table over the objects that have been read. Where an answer needs others it throws `Absent`, and gives it once they have
 * been read. Files are named as the store names them.
 */
export interface Resident<T extends object> extends Table<T> {
  readonly known: Map<string, Known>
  /** The files that hold an object that is not in memory, or may. */
  readonly unread: ReadonlyMap<string, Mark>
  /** Those among them that were read, and cannot be served. */
  readonly broken: ReadonlyMap<string, Error>
  /** The object, if it is in memory. */
  peek(key: Id): T | undefined
  /** A file is to be read, again or for the first time; what is in memory of it is forgotten. */
  forget(name: string, key?: Id): void
  /** All files are to be read again, and there are those that this says when it is first needed. */
  forgetAll(names: () => readonly string[]): void
  /** What was known of a file before others changed it. Only where the past is remembered; asking ends it. */
  past(name: string): Past<T> | undefined
  /** The file holds another object now … */
  renew(name: string, key: Id, object: T, stat: Moment): void
  /** … or is gone. */
  drop(name: string, key: Id): void
  /** What came of reading a file; counts only if the file is unread, and was when it was at this mark. */
  admit(name: string, mark: Mark, key: Id, object: T, stat: Moment): void
  blame(name: string, mark: Mark, error: Error): void
  missing(name: string, mark: Mark): void
  /** Does work at once for which the broken files have been looked at. */
  asked<R>(work: () => R): R
  /** Objects that stay, whatever the bound: their files are not what they should be yet. */
  readonly pinned: Set<Id>
  /** Lets go of the objects above the bound that were not used for longest. */
  evict(): void
  /** Is there a bound? */
  readonly bounded: boolean
  /** Throws where two of all objects have one value of a unique property. */
  check(): void
}
