import { toKey } from '../../lib/id.js'
import type { Id, PutOptions } from '../../lib/store.js'

/** The key under which an object is to be put, as far as it can be known before. */
export type KeyOf = (object: object, options: PutOptions | undefined) => Id | undefined

export function keyOf(idProperty: string): KeyOf {
  return (object, options) => {
    const id: unknown = options?.id ?? object?.[idProperty as never]
    return typeof id === 'string' || typeof id === 'number' ? toKey(id) : undefined
  }
}
