import { StoreError } from './errors.js'
import { match } from './query/match.js'
import { plan } from './query/plan.js'
import type { Change, Id, Query, SubscribeOptions } from './store.js'
import { copy } from './value.js'

/** Hands committed changes to whoever follows them. */
export interface Feed<T extends object, K extends Id> {
  /** Is anyone following? If not, the previous objects need not be read. */
  readonly followed: boolean
  /** Gives the changes of one commit to every follower. */
  publish(changes: readonly Change<T, K>[]): void
  /**
   * The changes from this call on whose object, old or new, fulfils the conditions of the query, as fresh copies. A query
   * with more than conditions is a `NotSupportedError`. The signal ends the subscription, quietly.
   */
  subscribe(query?: Query, options?: FeedOptions): AsyncIterable<Change<T, K>>
  /** Ends every subscription after what it has still to give. */
  close(): void
}

export interface FeedOptions extends SubscribeOptions {
  /** How many changes may wait for a slow follower; one more and he gets a `QuotaExceededError`. */
  readonly max?: number | undefined
}

/** Makes a feed. A follower that does not keep up loses his subscription, never the writer his speed. */
export function feed<T extends object, K extends Id>(): Feed<T, K> {
  const followers = new Set<Follower<T, K>>()
  return {
    get followed() {
      return followers.size > 0
    },
    publish(changes) {
      for (const follower of followers) for (const change of changes) follower.take(change)
    },
    subscribe(query, { signal, parameters, max = 10_000 } = {}) {
      const matches = match(conditionOf(query, { parameters }))
      const follower = follow<T, K>(matches, max, () => followers.delete(follower))
      if (signal?.aborted) follower.end()
      else followers.add(follower)
      signal?.addEventListener('abort', () => follower.end(), { once: true })
      return follower.changes
    },
    close() {
      for (const follower of [...followers]) follower.end()
    },
  }
}

function conditionOf(query: Query | undefined, options: SubscribeOptions) {
  const { condition, stages } = plan(query, options)
  if (stages.length === 0) return condition
  throw new StoreError('NotSupportedError', `changes cannot be followed through ${stages[0]?.name}`)
}

interface Follower<T extends object, K extends Id> {
  readonly changes: AsyncIterableIterator<Change<T, K>>
  take(change: Change<T, K>): void
  end(): void
}

function follow<T extends object, K extends Id>(
  matches: (object: T) => boolean,
  max: number,
  left: () => void,
): Follower<T, K> {
  const waiting: Change<T, K>[] = []
  let error: unknown
  let ended = false
  /** Those who wait for the next change, or for the end. */
  let idle: (() => void)[] = []

  function end(): void {
    ended = true
    left()
    wake()
  }

  function wake(): void {
    const woken = idle
    idle = []
    for (const each of woken) each()
  }

  async function next(): Promise<IteratorResult<Change<T, K>>> {
    while (waiting.length === 0 && !ended) {
      await new Promise<void>(resolve => {
        idle.push(resolve)
      })
    }
    const change = waiting.shift()
    if (change) return { value: copyChange(change), done: false }
    if (error === undefined) return { value: undefined, done: true }
    const failure = error
    error = undefined
    throw failure
  }

  return {
    end,
    take(change) {
      if (!isAbout(change, matches)) return
      if (waiting.length >= max) {
        error = new StoreError('QuotaExceededError', `a subscription fell ${max} changes behind and was ended`)
        waiting.length = 0
        end()
        return
      }
      waiting.push(change)
      wake()
    },
    changes: {
      next,
      async return() {
        waiting.length = 0
        end()
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}

function isAbout<T extends object>({ object, previous }: Change<T>, matches: (object: T) => boolean): boolean {
  return (object !== undefined && matches(object)) || (previous !== undefined && matches(previous))
}

function copyChange<T extends object, K extends Id>({ type, id, object, previous }: Change<T, K>): Change<T, K> {
  return { type, id, ...(object && { object: copy(object) }), ...(previous && { previous: copy(previous) }) }
}
