import type { Id } from '../store.js'
import type { Write } from '../writes.js'

/** An index over the objects of a store, each by itself. `H` is what it holds of one. */
export interface Derivation<H> {
  /** The property that holds an object's id. */
  readonly idProperty: string
  /** What is to be held of an object that is stored. */
  read(object: object): H
  /**
   * Looks at a write before it is done; what this throws refuses it. Gives what is to be held then of an object whose id was
   * not known before; or nothing, if the object is to be looked at when that matters, or soon.
   */
  note(write: Write<object, Id>): ((id: Id) => H | undefined) | undefined
  /** This is to be held from now on; `undefined` for nothing. */
  apply(key: Id, held: H | undefined): void
  /** Does it hold what it is to hold of this object, or of none? `false` if that is not easily said. */
  holds(key: Id, object: object | undefined): boolean
  /** The objects of which it holds something. */
  keys(): Iterable<Id>
}
