/** Follows the changes of a store, over one connection after the other. */
import { isStoreError, StoreError } from '../../lib/errors.js'
import { plan } from '../../lib/query/plan.js'
import type { Change, Query, SubscribeOptions } from '../../lib/store.js'
import type { Address } from './address.js'
import { missed } from './change.js'
import { type Connection, connection } from './connection.js'
import { failure, Lost } from './lost.js'
import { eventStream } from './media-types.js'
import type { Settings } from './options.js'
import { fits, question } from './question.js'
import type { Transport } from './transport.js'

export interface Following {
  subscribe(query?: Query, options?: SubscribeOptions): AsyncIterable<Change>
  /** Comes when the subscriptions that are being opened are open, or cannot be; `undefined` if none is. */
  ready(): Promise<void> | undefined
  close(): void
}

export interface FollowingOptions {
  readonly to: Address
  readonly transport: Transport
  readonly settings: Settings
}

export function following({ to, transport, settings }: FollowingOptions): Following {
  const followers = new Set<Follower>()

  return {
    subscribe(query, { signal, parameters, since } = {}) {
      const url = `${to.root}${to.path}/$changes`
      const text = conditionOf(query, { parameters })
      if (since !== undefined && (!Number.isSafeInteger(since) || since < 0)) {
        throw new TypeError(`since is the sequence of a change, or 0, not ${String(since)}`)
      }
      const open = async (position: number | undefined, again: boolean, signal: AbortSignal) => {
        const headers = { accept: eventStream, ...(position !== undefined && { 'last-event-id': `${position}` }) }
        const request = { method: 'GET', url: text ? `${url}?${text}` : url, headers, what: 'subscribe' } as const
        return connection(await transport.open(request, { signal }), settings, again)
      }
      const onAbort = () => follower.end()
      const left = () => {
        followers.delete(follower)
        signal?.removeEventListener('abort', onAbort)
      }
      const follower = follow(open, { since, settings, left })
      followers.add(follower)
      signal?.addEventListener('abort', onAbort)
      if (signal?.aborted) onAbort()
      return follower.changes
    },
    ready() {
      const opening = [...followers].flatMap(each => each.opening() ?? [])
      return opening.length > 0 ? Promise.all(opening).then(() => {}) : undefined
    },
    close() {
      for (const each of [...followers]) each.end()
    },
  }
}

function conditionOf(query: Query | undefined, options: SubscribeOptions): string {
  const [stage] = plan(query, options).stages
  if (stage) throw new StoreError('NotSupportedError', `changes cannot be followed through ${stage.name}`)
  const asked = question(query, options)
  if (fits(asked)) return asked.text
  throw new StoreError('NotSupportedError', 'changes are followed by a query that fits in a URL, without objects in it')
}

interface Follower {
  readonly changes: AsyncIterableIterator<Change>
  /** There while it is being opened for the first time. Others' calls wait for it, so that what they write is not missed. */
  opening(): Promise<void> | undefined
  end(): void
}

interface FollowOptions {
  readonly since: number | undefined
  readonly settings: Settings
  readonly left: () => void
}

type Open = (position: number | undefined, again: boolean, signal: AbortSignal) => Promise<Connection>

function follow(open: Open, { since, settings: { random, schedule }, left }: FollowOptions): Follower {
  const ending = new AbortController()
  const { signal } = ending
  let position = since
  let opened = false
  /** Somebody has asked something of the server before it was open, and may have seen what is not told here. */
  let passed = false
  let failures = 0
  let first: Promise<Connection> | undefined = open(position, false, signal)
  let current: Connection | undefined
  let turn: Promise<unknown> = Promise.resolve()
  // who asks for the next change is told
  first.catch(() => {})

  function end(): void {
    if (signal.aborted) return
    ending.abort()
    current?.end()
    first?.then(each => each.end()).catch(() => {})
    left()
  }

  async function next(): Promise<IteratorResult<Change>> {
    while (!signal.aborted) {
      try {
        current ??= await connect()
        const { change, reached } = await current.next()
        failures = 0
        const known = change?.sequence !== undefined && position !== undefined && change.sequence <= position
        if (reached !== undefined) position = Math.max(reached, position ?? 0)
        if (change && !known) return { value: change, done: false }
      } catch (error) {
        if (!signal.aborted) await recover(error)
      }
    }
    return { value: undefined, done: true }
  }

  async function connect(): Promise<Connection> {
    const coming = first ?? open(position, opened, signal)
    try {
      const made = await coming
      if (passed && position === undefined) {
        made.end()
        throw missed('as the server could not be reached for a while')
      }
      opened = true
      return made
    } finally {
      first = undefined
    }
  }

  /** Waits a while, if it makes sense to go on. */
  async function recover(error: unknown): Promise<void> {
    current?.end()
    current = undefined
    const passes = error instanceof Lost ? error.again : isStoreError(error) && passing.has(error.name)
    if (passes && (!opened || position !== undefined)) return pause()
    end()
    if (passes) throw missed('as the connection broke off', error)
    throw error instanceof Lost ? failure(error, 'subscribe', { changes: false, sent: true }) : error
  }

  function pause(): Promise<void> {
    const milliseconds = Math.min(longestPause, firstPause * 2 ** Math.min(failures++, 20)) * (0.5 + random() / 2)
    return new Promise(resolve => {
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = schedule(done, milliseconds)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  const changes: Follower['changes'] = {
    next() {
      const own = turn.then(next)
      turn = own.catch(() => {})
      return own
    },
    async return() {
      end()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }

  return {
    changes,
    end,
    opening() {
      if (opened || signal.aborted) return undefined
      if (!first) {
        passed = true
        return undefined
      }
      return first.then(
        () => {},
        () => {
          passed = true
        },
      )
    },
  }
}

/** These errors of a server pass. */
const passing = new Set(['InvalidStateError', 'NetworkError', 'TimeoutError', 'UnknownError'])
const firstPause = 200
const longestPause = 30_000
