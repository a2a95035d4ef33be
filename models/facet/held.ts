/** The objects that a facet gives: copies of what is seen, which remember where they are from. */
import type { Data, Id } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import { define } from '../model/instance.js'
import { mistake } from './refusal.js'
import { secret } from './secret.js'

/** What was seen of an object when it was last read or written. */
export interface Seen {
  data: Data
  /** That of the facet, or the transaction, which gave it. */
  readonly source: object
}

const known = secret<Seen>()

/** Makes objects with this prototype, which belong to the source. */
export function holder(prototype: object, source: object): (data: Data) => object {
  return data => {
    const made = Object.create(prototype)
    for (const name in data) {
      const value = data[name]
      // he may change his object, but not what was seen
      const own = typeof value === 'object' && value !== null ? copy(value) : value
      // defining takes ten times as long as assigning
      if (name in prototype) define(made, name, own)
      else made[name] = own
    }
    return known.keep(made, { data, source })
  }
}

/** An object that one facet gave, on the way to the holder of another that is made over it. */
export class Reference {
  readonly id: Id

  constructor(id: Id) {
    this.id = id
  }
}

/** The object by its id, if it is from that source; else what was given. */
export function referenceTo(object: object, source: object, idProperty: string): object {
  const seen = known.of(object)
  return seen?.source === source ? new Reference(seen.data[idProperty] as Id) : object
}

/** Is it an object that a facet gave? */
export function isHeld(object: object): boolean {
  return known.of(object) !== undefined
}

/** What is known of an object, if it is from that source. */
export function seenOf(object: unknown, source: object): Seen {
  const seen = known.of(object)
  return seen?.source === source ? seen : mistake('this is not an object of this facet')
}
