import type { Id } from '../../lib/store.js'

/**
 * How an object stands in a file whose name tells its id. Where the name holds but a hash of a long id, the object stands there
 * as it is.
 */
export interface Form {
  /** What is written of an object: a new one, which need not say the id. */
  print(object: object): object
  /** The object, with its id, of what a file says, which may be anything that somebody has written. */
  read(value: object, id: Id): object
}
