import { StoreError } from '../../lib/errors.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { checkedCopy, describe, limits } from '../../lib/value.js'
import { sizeInDomain } from './size-in-domain.js'

/** The key of an object that was read from a file, which must be as a store would have written it. */
export function admit(read: unknown, idProperty: string, wellFormed = false): Id {
  if (typeof read !== 'object' || read === null || Array.isArray(read) || isMarked(read)) {
    throw new StoreError('DataError', `${describe(read)} stands where an object is expected`)
  }
  if (!(sizeInDomain(read, wellFormed) <= limits.size)) {
    // says what is wrong, and where
    checkedCopy(read)
    throw new StoreError('DataError', 'the object holds -0, which no store keeps')
  }
  const id: Id | undefined = Object.hasOwn(read, idProperty) ? read[idProperty as never] : undefined
  if (id === undefined) throw new StoreError('DataError', `the object has no ${idProperty}`)
  return toKey(checkId(id))
}

/** Is it a value that JSON writes as an object of its own? */
export function isMarked(value: object): boolean {
  return value instanceof Date || value instanceof Uint8Array
}
