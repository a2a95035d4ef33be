import { isStoreError } from '../../lib/errors.js'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { settle } from '../../lib/when.js'
import type { Stored, Taken } from './document.js'
import { conflict } from './error.js'
import type { ConsistencyOptions } from './types.js'

type Target = Pick<Required<Store<Stored, Id>>, 'put'>

/** Puts a document where it is allowed. */
export function put(
  target: Target,
  key: string,
  { document, revision }: Taken,
  { checkConsistency = true }: ConsistencyOptions,
): MaybePromise<Id> {
  const stored = { id: key, ...(checkConsistency && revision !== undefined && { _rev: revision }), document }
  const taking = checkConsistency && revision === undefined
  return settle(
    () => target.put(stored, taking ? { ifNoneMatch: '*' } : {}),
    id => id,
    error => {
      throw taking && isStoreError(error, 'PreconditionFailedError') ? isThere(key, error) : (edited(error) ?? error)
    },
  )
}

function isThere(key: string, cause: unknown): Error {
  return conflict(`${key} is stored already: to replace it, give the document the _rev of what is stored`, {
    id: key,
    cause,
  })
}

/** Another program has changed the file, and that has not been noticed yet. */
function edited(error: unknown): Error | undefined {
  if (!isStoreError(error, 'InvalidStateError') || error.id === undefined) return undefined
  return conflict(error.message, { id: error.id, cause: error })
}

/** The revision of what was written, given on which one and what is stored now: if others have gone on, it is the next of the first. */
export function revisionAfter(given: number | undefined, now: number | undefined): number {
  if (now === undefined) return (given ?? -1) + 1
  return given !== undefined && now > given ? given + 1 : now
}
