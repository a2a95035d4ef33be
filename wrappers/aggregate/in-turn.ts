import { holding, type Lock } from '../../lib/lock.js'
import type { MaybePromise, Options } from '../../lib/store.js'

/** Does work while others read, but do not write. */
export function reading<R>(turn: Lock, work: () => MaybePromise<R>, { signal }: Options = {}): MaybePromise<R> {
  return holding(turn.read({ signal }), work)
}

/** Does work while nobody else reads or writes. */
export function alone<R>(turn: Lock, work: () => MaybePromise<R>, { signal }: Options = {}): MaybePromise<R> {
  return holding(turn.write({ signal }), work)
}
