import type { Data, Id, Store } from '../../../lib/store.js'
import { type RevisionsOptions, revisions } from '../../../wrappers/revisions.js'

/** Revisions around any store. */
export const count = (inner: Store, options: RevisionsOptions = {}) =>
  revisions(inner as Required<Store<Data, Id>>, options)
export type Counted = ReturnType<typeof count>

/** What a write is refused with that comes from an earlier revision. */
export const stale = 'PreconditionFailedError'
