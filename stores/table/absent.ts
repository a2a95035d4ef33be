import type { Id } from '../../lib/store.js'

/**
 * Thrown by a table that does not hold everything in memory: what has to be read before it can answer. It is no error: who
 * catches it reads these, and asks again.
 */
export class Absent {
  constructor(readonly keys: readonly Id[] | 'all') {}
}
