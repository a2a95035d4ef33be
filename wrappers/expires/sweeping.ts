import { isStoreError } from '../../lib/errors.js'
import type { Marked } from '../../lib/marked.js'
import { node } from '../../lib/query/expression.js'
import { can, type Id, type MaybePromise, type Options, type Store } from '../../lib/store.js'
import { onEach, settle, when } from '../../lib/when.js'

export interface SweepOptions extends Options {
  /** How many to remove at most. */
  readonly max?: number | undefined
  /** Told now and then how many have been removed. */
  readonly onProgress?: ((done: number) => void) | undefined
}

export interface SweepingOptions {
  /** The property of the inner store's objects that says when they expire. */
  readonly property: string
  readonly idProperty: string
  readonly time: () => number
}

/** How many are removed before others have their turn. */
const chunk = 500

/** Removes what has expired, where it can be found and deleted. */
export function sweeping<T extends object, K extends Id>(
  inner: Store<T, K>,
  { property, idProperty, time }: SweepingOptions,
) {
  let swept = 0

  function expired(target: Marked<T, K>, until: number, max: number, options?: Options): MaybePromise<readonly T[]> {
    const { query } = target as Required<Marked<T, K>>
    const found = query(node('and', [node('le', [property, until]), node('limit', [max])]), options)
    return Symbol.asyncIterator in found ? collect(found) : [...found]
  }

  /** Removes them, if they are still as they were found; gives how many. */
  function remove(target: Marked<T, K>, found: readonly T[], options?: Options): MaybePromise<number> {
    let count = 0
    const removeOne = (stored: T): MaybePromise<void> =>
      settle(
        () => (target as Required<Marked<T, K>>).delete(stored[idProperty as never], { ...options, ifMatch: stored }),
        gone => {
          if (gone) count++
        },
        error => {
          // it was put again, or somebody else has removed it
          if (!isStoreError(error, 'PreconditionFailedError')) throw error
        },
      )
    return when(onEach(found, removeOne), () => {
      swept += count
      return count
    })
  }

  async function sweep({ signal, max = Infinity, onProgress }: SweepOptions = {}): Promise<number> {
    const until = time()
    let done = 0
    for (;;) {
      signal?.throwIfAborted()
      const wanted = Math.min(chunk, max - done)
      const found = wanted > 0 ? await expired(inner, until, wanted, { signal }) : []
      done += await remove(inner, found, { signal })
      onProgress?.(done)
      if (found.length < wanted || wanted <= 0) return done
      await new Promise(resolve => setTimeout(resolve))
    }
  }

  return {
    sweep: can(inner, 'query') && can(inner, 'delete') ? sweep : undefined,
    /** Has there been anything to remove? */
    makeRoom: (target: Marked<T, K>): MaybePromise<boolean> =>
      when(expired(target, time(), Infinity), found => when(remove(target, found), () => found.length > 0)),
    swept: () => swept,
  }
}

async function collect<T>(found: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const each of found) collected.push(each)
  return collected
}
