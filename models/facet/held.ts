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

/**
 * The same object for who runs code of the owner's on it: with the data that the holder has made of it, and nothing of his that
 * would run, now or later.
 */
export function twin(seen: Seen, prototype: object, data: Data): object {
  return known.keep(show(Object.create(prototype), data), seen)
}

/** The object gets these data, and has no others. */
export function show(object: object, data: Data): object {
  for (const name of Reflect.ownKeys(object)) if (!Object.hasOwn(data, name)) Reflect.deleteProperty(object, name)
  for (const name of Object.keys(data)) {
    const value = copy(data[name])
    Reflect.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  }
  return object
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

/** Its id as it was given: what the holder has made of that is not asked. */
export function heldId(object: object, source: object, idProperty: string): Id {
  return seenOf(object, source).data[idProperty] as Id
}

/** What is known of an object, if it is from that source. */
export function seenOf(object: unknown, source: object): Seen {
  const seen = known.of(object)
  return seen?.source === source ? seen : mistake('this is not an object of this facet')
}
