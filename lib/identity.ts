import { v7 } from 'uuid'
import { StoreError } from './errors.js'
import { checkId, sameId } from './id.js'
import type { Id, PutOptions } from './store.js'
import { checkedCopy } from './value.js'

export interface IdentityOptions {
  /** The property that holds an object's id. */
  readonly idProperty?: string | undefined
  /** Makes the id of an object that comes without one. UUID v7 (RFC 9562) by default, so that ids sort by time. */
  readonly generateId?: (() => Id) | undefined
}

/** An object on its way into a store: the store's own copy, which carries its id. */
export interface Identified<T extends object> {
  readonly id: Id
  readonly object: T
  /** Was the id made here, so that nothing can be stored under it? */
  readonly generated: boolean
}

/**
 * Copies and checks an object, and settles its id: `options.id`, else the object's own, else a generated one. The two
 * disagreeing is a `DataError`.
 */
export function identity({ idProperty = 'id', generateId = v7 }: IdentityOptions = {}) {
  return function identify<T extends object>(given: T, options: PutOptions = {}): Identified<T> {
    const object = checkedCopy(given)
    checkKnown(options)
    const own = Object.hasOwn(object, idProperty) ? checkOwn(object[idProperty as never], idProperty) : undefined
    const asked = options.id === undefined ? undefined : checkId(options.id)
    if (own !== undefined) {
      if (asked !== undefined && !sameId(own, asked)) {
        throw new StoreError(
          'DataError',
          `the object's ${idProperty} is ${own}, but it was to be stored under ${asked}`,
        )
      }
      return { id: asked ?? own, object, generated: false }
    }
    const id = asked ?? checkId(generateId())
    return { id, object: { [idProperty]: id, ...object } as T, generated: asked === undefined }
  }
}

const known: Readonly<Record<keyof PutOptions, true>> = {
  id: true,
  ifMatch: true,
  ifNoneMatch: true,
  signal: true,
  actor: true,
  reason: true,
}

/** What a store does not know, such as an option of a wrapper that is not there, is not ignored. */
function checkKnown(options: PutOptions): void {
  for (const name in options) {
    if (Object.hasOwn(known, name) || options[name as keyof PutOptions] === undefined) continue
    throw new StoreError('NotSupportedError', `the store cannot do what the option ${name} asks for`)
  }
}

function checkOwn(value: unknown, idProperty: string): Id {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new StoreError('DataError', `the object's ${idProperty} is neither a string nor an integer`)
  }
  return checkId(value)
}
