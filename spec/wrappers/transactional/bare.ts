import { derive, hide } from '../../../lib/derive.js'
import type { Id, Store } from '../../../lib/store.js'
import { memory } from '../../../stores/memory.js'
import { slow } from '../../../wrappers/slow.js'
import { forwarded } from '../../forwarded.js'

type Bare = Required<Omit<Store<Record<string, unknown>, Id>, 'transaction'>>

/** A store without transactions. */
export function bare(inner: Store = memory()): Bare {
  return derive(inner, { ...forwarded, transaction: hide }) as Bare
}

/** The same, whose every answer comes a turn later. */
export function bareAndLate(inner: Store = memory()): Bare {
  const sleep = async (_: number, signal?: AbortSignal) => {
    await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  return slow(bare(inner), { sleep }) as Bare
}
