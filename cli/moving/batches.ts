/** Writes many objects, some at a time: in one transaction where the store is here and has transactions. */
import { isStoreError } from '../../lib/errors.js'
import { stringify } from '../../lib/json.js'
import type { Data, Id, Store } from '../../lib/store.js'
import type { Opened } from '../places/open.js'

/** How many writes are done together, and how many of them are asked for at the same time. */
const together = 500
const atOnce = 32
/** Characters of one batch for a server, which takes a mebibyte at once. */
const room = 2 ** 19

/** Each of another object, so that it does not matter which is first. */
export type Step = { readonly put: Data } | { readonly add: Data } | { readonly delete: Id }

export interface Batches {
  write(step: Step): Promise<void>
  /** Writes what is waiting. */
  flush(): Promise<void>
}

/** `done` hears after each batch how many writes last. */
export function batches(
  { store, place, addAll }: Opened,
  signal: AbortSignal,
  done: (writes: number) => void,
): Batches {
  const far = place.kind === 'remote'
  let transactional = store.transaction !== undefined
  let waiting: Step[] = []
  let characters = 0

  async function flush(): Promise<void> {
    signal.throwIfAborted()
    const steps = waiting
    if (steps.length === 0) return
    waiting = []
    characters = 0
    const added = addAll && steps.flatMap(step => ('add' in step ? [step.add] : []))
    if (added?.length === steps.length) await addAll?.(added, signal)
    else {
      transactional &&= await inTransaction(store, steps)
      if (!transactional) await performAll(store, steps)
    }
    done(steps.length)
  }

  return {
    async write(step) {
      if (far) characters += stringify(step).length
      if (waiting.push(step) >= together || characters >= room) await flush()
    },
    flush,
  }
}

/** `false` if the store has transactions, but not for us: a server may keep them to itself. */
async function inTransaction(store: Store, steps: readonly Step[]): Promise<boolean> {
  const tx = await store.transaction?.()
  if (!tx) return false
  try {
    await performAll(tx, steps)
    await tx.commit()
    return true
  } catch (error) {
    await Promise.resolve(tx.abort()).catch(() => {})
    if (isStoreError(error, 'NotSupportedError')) return false
    throw error
  }
}

type Writable = Pick<Store, 'put' | 'add' | 'delete'>

async function performAll(store: Writable, steps: readonly Step[]): Promise<void> {
  for (let at = 0; at < steps.length; at += atOnce) {
    const ends = await Promise.allSettled(steps.slice(at, at + atOnce).map(step => perform(store, step)))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}

async function perform(store: Writable, step: Step): Promise<void> {
  if ('put' in step) await store.put?.(step.put)
  else if ('add' in step) await (store.add ?? store.put)?.(step.add)
  else await store.delete?.(step.delete)
}
