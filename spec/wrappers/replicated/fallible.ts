import type { Store } from '../../../lib/store.js'
import type { Schedule } from '../../../wrappers/replicated/rounds.js'

/** A store with only get, put and delete, which can be down. */
export function fallible(inner: Required<Store>) {
  const state = { down: false, writes: 0 }
  const unlessDown =
    <A extends readonly unknown[], R>(method: (...given: A) => R, writes = 0) =>
    (...given: A): R => {
      if (state.down) throw new Error('the replica is down')
      state.writes += writes
      return method(...given)
    }
  const store: Pick<Required<Store>, 'get' | 'put' | 'delete'> = {
    get: unlessDown(inner.get),
    put: unlessDown(inner.put, 1),
    delete: unlessDown(inner.delete, 1),
  }
  return { state, store, inner }
}

/** Timers that go off when they are told to. */
export function timers() {
  const waiting = new Set<() => void>()
  const schedule: Schedule = work => {
    waiting.add(work)
    return () => waiting.delete(work)
  }
  return {
    schedule,
    get waiting() {
      return waiting.size
    },
    /** All that wait now. */
    goOff() {
      const due = [...waiting]
      waiting.clear()
      for (const work of due) work()
    },
  }
}

/** Until all that can happen without time has happened. */
export async function turn(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise(setImmediate)
}

/** All that a synchronous store holds. */
export function contents(store: Pick<Store, 'query'>): unknown[] {
  return Array.from((store.query?.() ?? []) as Iterable<unknown>)
}

/** How it has ended, if it has. */
export async function state(promise: unknown): Promise<unknown> {
  let ended: unknown = 'pending'
  Promise.resolve(promise).then(
    () => {
      ended = 'done'
    },
    error => {
      ended = error.name
    },
  )
  await turn()
  return ended
}
