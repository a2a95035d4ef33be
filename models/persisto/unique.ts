import { StoreError } from '../../lib/errors.js'
import { keyOf } from '../../lib/query/key.js'
import type { Index } from './settings.js'
import type { Place } from './strategy.js'

/** A `ConstraintError` that names them, if two objects have one value of what is to be unique. Saves first what was kept back. */
export async function checkUnique(store: Place, { type, field, unique }: Index): Promise<void> {
  if (!unique) return
  await store.flush?.()
  const holders = new Map<unknown, unknown>()
  for await (const { id, [field]: value } of store.query()) {
    if (value === undefined || value === null) continue
    const other = holders.get(keyOf(value))
    if (other !== undefined) {
      throw new StoreError('ConstraintError', `${field} of ${type} is not unique: ${other} and ${id} have the same`)
    }
    holders.set(keyOf(value), id)
  }
}
