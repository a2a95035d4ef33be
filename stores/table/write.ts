import { StoreError } from '../../lib/errors.js'
import { checkPrecondition } from '../../lib/etag.js'
import { checkId, toKey } from '../../lib/id.js'
import type { Identified } from '../../lib/identity.js'
import type { Change, DeleteOptions, Id, PutOptions } from '../../lib/store.js'
import { isValue, notUnique } from './index.js'
import type { View } from './table.js'

/** A change that may be made, with the key it is made under. */
export interface Decided<T extends object> extends Change<T, Id> {
  readonly key: Id
}

/** Decides a put or an add against what a view holds. Throws where it is not allowed; changes nothing. */
export function decidePut<T extends object>(
  view: View<T>,
  method: 'put' | 'add',
  { id, object, generated }: Identified<T>,
  options: PutOptions,
): Decided<T> {
  const key = toKey(id)
  const previous = view.get(key)
  if (previous && (method === 'add' || generated)) {
    throw new StoreError('ConstraintError', `something is already stored under ${id}`, { method, id })
  }
  if (options.ifMatch !== undefined || options.ifNoneMatch !== undefined) checkPrecondition(previous, options, id)
  view.indexes.forEach(({ unique, path, read }, at) => {
    if (!unique) return
    const value = read(object)
    const holder = isValue(value) ? view.holder(at, value) : undefined
    if (holder !== undefined && holder !== key) throw notUnique(path, value, id)
  })
  return { type: 'put', key, id, object, ...(previous && { previous }) }
}

/** Decides a delete; `undefined` if there is nothing to delete. */
export function decideDelete<T extends object>(view: View<T>, id: Id, options: DeleteOptions): Decided<T> | undefined {
  const key = toKey(checkId(id))
  const previous = view.get(key)
  if (options.ifMatch !== undefined) checkPrecondition(previous, options, id)
  return previous && { type: 'delete', key, id, previous }
}

/** Makes a change that was decided. */
export function make<T extends object>(
  target: { set(key: Id, object: T): void; delete(key: Id): void },
  { key, object }: Decided<T>,
): void {
  if (object) target.set(key, object)
  else target.delete(key)
}
