/** For stores that are as they are but for a method or two. */
import { derive, forward, hide } from '../lib/derive.js'
import type { Id, Store } from '../lib/store.js'

const everywhere = {
  get: forward,
  put: forward,
  add: forward,
  delete: forward,
  query: forward,
  count: forward,
} as const

/** All that a transaction has, as it is. */
export const forwardedInside = { ...everywhere, prepare: forward, commit: forward, abort: forward } as const

/** All that a store has, as it is. */
export const forwarded = {
  ...everywhere,
  subscribe: forward,
  transaction: forward,
  setSchema: forward,
  close: forward,
} as const

/** A store that cannot tell what others write. */
export const mute = <T extends object, K extends Id>(inner: Store<T, K>) =>
  derive(inner, { ...forwarded, subscribe: hide }) as Required<Store<T, K>>
