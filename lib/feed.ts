import { StoreError } from './errors.js'
import { match } from './query/match.js'
import { plan } from './query/plan.js'
import type { Change, Id, Options, Query, SubscribeOptions } from './store.js'
import { copy } from './value.js'

/** Hands committed changes to whoever follows them. */
export interface Feed<T extends object, K extends Id> {
  /** Is anyone following? If not, the previous objects need not be read. */
  readonly followed: boolean
  /** Gives the changes of one commit to every follower, together. */
  publish(changes: readonly Change<T, K>[]): void
  /**
   * The changes from this call on whose object, old or new, fulfils the conditions of the query, as fresh copies. A query
   * with more than conditions is a `NotSupportedError`, and so is `since` where the feed cannot resume. The signal ends
   * the subscription, quietly.
   */
  subscribe(query?: Query, options?: FeedOptions): AsyncIterable<Change<T, K>>
  /** Ends every subscription after what it has still to give. */
  close(): void
}

export interface FeedOptions extends SubscribeOptions {
  /** How many changes may wait for a slow follower; one more and he gets a `QuotaExceededError`. */
  readonly max?: number | undefined
}

export interface FeedSetup<T extends object, K extends Id> {
  /**
   * The changes after this one, with their sequences, up to one that was committed after the first was asked for. Whatever is
   * published then must have its sequence, too.
   */
  readonly resume?: ((since: number, options: Options) => AsyncIterator<Change<T, K>, undefined>) | undefined
}

/** Makes a feed. A follower that does not keep up loses his subscription, never the writer his speed. */
export function feed<T extends object, K extends Id>({ resume }: FeedSetup<T, K> = {}): Feed<T, K> {
  const followers = new Set<Follower<T, K>>()
  return {
    get followed() {
      return followers.size > 0
    },
    publish(changes) {
      for (const follower of followers) follower.take(changes)
    },
    subscribe(query, { signal, parameters, since, max = 10_000 } = {}) {
      const matches = match(conditionOf(query, { parameters }))
      const past = since === undefined ? undefined : pastOf(since, resume, { signal })
      const end = () => follower.end()
      const follower = follow<T, K>(matches, {
        past,
        max,
        left() {
          followers.delete(follower)
          // a signal may outlive many who follow
          signal?.removeEventListener('abort', end)
        },
      })
      if (signal?.aborted) end()
      else {
        followers.add(follower)
        signal?.addEventListener('abort', end)
      }
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

function pastOf<T extends object, K extends Id>(
  since: number,
  resume: FeedSetup<T, K>['resume'],
  options: Options,
): Past<T, K> {
  if (!Number.isSafeInteger(since) || since < 0) {
    throw new TypeError(`since is the sequence of a change, or 0, not ${String(since)}`)
  }
  if (!resume)
    throw new StoreError('NotSupportedError', 'earlier changes are not kept: since needs a store with a history')
  return { since, changes: resume(since, options) }
}

/** What was committed before the live changes, and in part along with them. */
interface Past<T extends object, K extends Id> {
  readonly since: number
  readonly changes: AsyncIterator<Change<T, K>, undefined>
}

interface FollowOptions<T extends object, K extends Id> {
  readonly past: Past<T, K> | undefined
  readonly max: number
  readonly left: () => void
}

interface Follower<T extends object, K extends Id> {
  readonly changes: AsyncIterableIterator<Change<T, K>>
  take(commit: readonly Change<T, K>[]): void
  end(): void
}

function follow<T extends object, K extends Id>(
  matches: (object: T) => boolean,
  { past, max, left }: FollowOptions<T, K>,
): Follower<T, K> {
  const waiting: Change<T, K>[] = []
  let missing = past?.changes
  /** The last change of the past: it, and what came before, may wait here too. */
  let reached = past?.since ?? 0
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
    const change = (await earlier()) ?? (await later())
    if (change) return { value: copyChange(change), done: false }
    if (error === undefined) return { value: undefined, done: true }
    const failure = error
    error = undefined
    throw failure
  }

  async function earlier(): Promise<Change<T, K> | undefined> {
    while (missing && !ended) {
      const { value } = await missing.next().catch(fail)
      if (!value) missing = undefined
      else {
        reached = value.sequence as number
        if (isAbout(value, matches)) return value
      }
    }
    return undefined
  }

  async function later(): Promise<Change<T, K> | undefined> {
    for (;;) {
      while (waiting.length === 0 && !ended) {
        await new Promise<void>(resolve => {
          idle.push(resolve)
        })
      }
      const change = waiting.shift()
      if ((change?.sequence ?? Infinity) > reached) return change
    }
  }

  /** What had to be read is no longer of interest if the subscription has ended meanwhile. */
  function fail(thrown: unknown): IteratorResult<never, undefined> {
    if (!ended) {
      error = thrown
      waiting.length = 0
      end()
    }
    return { value: undefined, done: true }
  }

  return {
    end,
    take(commit) {
      const own = commit.filter(change => isAbout(change, matches))
      if (own.length === 0) return
      if (waiting.length + own.length > max) {
        error = new StoreError('QuotaExceededError', `a subscription fell ${max} changes behind and was ended`)
        waiting.length = 0
        end()
        return
      }
      for (const change of together(own)) waiting.push(change)
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

/** The changes of one commit, so that whoever gets them one by one knows where it ends. */
export function together<C extends { readonly more?: true }>(changes: readonly C[]): readonly C[] {
  if (changes.length === 1 && !changes[0]?.more) return changes
  const last = changes.length - 1
  return changes.map(({ more: _, ...change }, at) => ({ ...change, ...(at < last && { more: true }) }) as C)
}

function isAbout<T extends object>({ object, previous }: Change<T>, matches: (object: T) => boolean): boolean {
  return (object !== undefined && matches(object)) || (previous !== undefined && matches(previous))
}

function copyChange<T extends object, K extends Id>(change: Change<T, K>): Change<T, K> {
  const { type, id, object, previous, sequence, more } = change
  return {
    type,
    id,
    ...(object && { object: copy(object) }),
    ...(previous && { previous: copy(previous) }),
    ...(sequence !== undefined && { sequence }),
    ...(more && { more }),
  }
}
