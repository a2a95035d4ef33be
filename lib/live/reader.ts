import { difference } from './difference.js'
import type { Following, Present } from './following.js'
import type { Row } from './row.js'
import type { LiveItem } from './types.js'

export interface ReaderOptions {
  /** Looks from now on, until the function that it gives is called. */
  look(told: () => void): () => void
  /** What there is to see; nothing once it was closed. */
  run(): Following | undefined
  readonly order: (a: Row, b: Row) => number
}

/** Reads steps, each from what was seen last to what there is now: whoever is slow misses steps in between, and keeps none. */
export function reader({ look, run, order }: ReaderOptions): AsyncIterableIterator<LiveItem<unknown>, undefined> {
  let leave: (() => void) | undefined
  let seen: Present | undefined
  let over = false
  let wake = () => {}
  let last: Promise<unknown> = Promise.resolve()

  function end(): IteratorReturnResult<undefined> {
    over = true
    seen = undefined
    leave?.()
    wake()
    return { value: undefined, done: true }
  }

  async function next(): Promise<IteratorResult<LiveItem<unknown>, undefined>> {
    try {
      return await step()
    } catch (error) {
      // whoever is told of a failure does not come back to leave
      end()
      throw error
    }
  }

  async function step(): Promise<IteratorResult<LiveItem<unknown>, undefined>> {
    while (!over) {
      leave ??= look(() => wake())
      const following = run()
      if (!following) break
      const value = stepTo(following.present)
      if (value) return { value, done: false }
      if (following.error !== undefined) throw following.error
      if (following.over) break
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    return end()
  }

  function stepTo(present: Present | undefined): LiveItem<unknown> | undefined {
    const before = seen
    if (!present || (before?.round === present.round && before.rows === present.rows)) return undefined
    seen = present
    const { objects } = present
    if (before?.round !== present.round) return { type: 'set', objects, again: before !== undefined }
    return { type: 'changes', objects, changes: difference(before.rows, present.rows, order) }
  }

  return {
    next() {
      const step = last.then(next, next)
      last = step
      return step
    },
    // does not wait for its turn: whoever waits for the next step is to learn that there is none
    async return() {
      return end()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
