/** Numbers that are given out once, to whatever process asks. */
import { StoreError } from '../../lib/errors.js'
import type { Data, Id, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'

export interface Counters {
  /** The next number of its kind, from 1. No two calls get the same, after a crash either. */
  next(kind: string): number | Promise<number>
  /** Gives back what was reserved and not used, where nobody has reserved since. */
  giveBack(): Promise<void>
}

interface Range {
  next: number
  readonly end: number
}

/**
 * Counters in a store. They are reserved `block` at a time, each block in a transaction, so that most numbers cost nothing. What
 * a process that is killed has not used is never used.
 */
export function counters(store: Store<Data, Id>, block = 100): Counters {
  const ranges = new Map<string, Range>()
  const reserving = new Map<string, Promise<void>>()

  async function reserve(kind: string): Promise<void> {
    const range = await transaction(store as Required<typeof store>, async tx => {
      const next = nextOf(await tx.get(kind), kind)
      await tx.put({ id: kind, next: next + block })
      return { next, end: next + block }
    })
    ranges.set(kind, range)
  }

  async function later(kind: string): Promise<number> {
    for (;;) {
      const range = ranges.get(kind)
      if (range && range.next < range.end) return range.next++
      const under = reserving.get(kind) ?? reserve(kind).finally(() => reserving.delete(kind))
      reserving.set(kind, under)
      await under
    }
  }

  return {
    next(kind) {
      const range = ranges.get(kind)
      return range && range.next < range.end ? range.next++ : later(kind)
    },
    async giveBack() {
      for (const [kind, { next, end }] of ranges) {
        ranges.delete(kind)
        if (next === end) continue
        await transaction(store as Required<typeof store>, async tx => {
          if (nextOf(await tx.get(kind), kind) === end) await tx.put({ id: kind, next })
        })
      }
    },
  }
}

function nextOf(stored: Data | undefined, kind: string): number {
  const { next = 1 } = stored ?? {}
  if (Number.isSafeInteger(next)) return next as number
  throw new StoreError('CorruptError', `the counter ${kind} holds no number`, { id: kind })
}
