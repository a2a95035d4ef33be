import type { Data, Id } from '../../lib/store.js'
import type { Moment, Step } from './change.js'
import type { Root } from './root.js'

/** What all live objects of a store have in common. */
export interface Setting {
  /** The property that holds the key, if one does. */
  readonly keyProperty: string | undefined
  readonly undoLimit: number
  /** The prototype of the live objects. */
  readonly prototype: object
  /** The number of the next change. */
  sequence(): number
  moment(): Moment
  /** Goes up whenever a change may concern somebody whom the one before did not. */
  epoch: number
  /** Throws if others may not change the object now. */
  admit(root: Root): void
  /** Nobody wants to know what changed, only that it did: that is seen to. */
  unseen(root: Root): boolean
  /** A change was made. */
  made(root: Root, step: Step): void
  /** Does the work as a whole: what is changed by it belongs together, and if it throws, nothing is changed. */
  together<R>(work: () => R): R
  /** Gives an object another key, which must be free. */
  rekey(root: Root, key: Id): void
  /** What the store has of an object is another now. */
  moved(root: Root): void
  /** It is as it is stored. */
  settled(root: Root): void
  /** Saves the object. */
  commit(root: Root): Promise<void>
}

/** What the store has of an object. */
export interface Saved {
  readonly key: Id
  readonly data: Data
}
