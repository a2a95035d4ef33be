/** The changes of a facet as they are made: `/users/$changes?city=Oslo`, an event stream (WHATWG, server-sent events). */
import { isStoreError } from '../../lib/errors.js'
import type { Data, SubscribeOptions } from '../../lib/store.js'
import type { Answer } from '../answer.js'
import { problemOf } from '../http-error.js'
import { textOf } from '../negotiate/json.js'
import type { Call } from './call.js'
import type { Served } from './served.js'

export interface ChangesOptions {
  /** Milliseconds between signs of life. */
  readonly heartbeat: number
  /** Ends all streams when the server stops. */
  readonly stopping: AbortSignal | undefined
}

/**
 * Each change with its number, where the facet tells one; who comes back with that gets what he has missed, or a `reset`: he
 * must read again what he follows. Who does not keep up is ended, and comes back.
 */
export async function changesOf(call: Call, served: Served, options: ChangesOptions): Promise<Answer> {
  const last = call.header('last-event-id')
  const signals = [call.signal(), options.stopping].filter(signal => signal !== undefined)
  const ended = new AbortController()
  const end = () => ended.abort()
  for (const signal of signals) {
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true, signal: ended.signal })
  }
  const subscribed = subscribe(served, call.query, last, ended.signal)
  const body = eventsOf(subscribed, options.heartbeat, { end, failed: call.failed })
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body,
  }
}

interface Subscribed {
  changes: AsyncIterator<Data>
  readonly first: string
  /** From now on, for who cannot have what he has missed. */
  again?: (() => AsyncIterator<Data>) | undefined
}

/** What a stream says that knows no position yet: who comes back with this has missed something, perhaps. */
const live = 'live'

function subscribe({ methods }: Served, query: string, last: string | null, signal: AbortSignal): Subscribed {
  const begin = (options: SubscribeOptions) => methods.subscribe(query, { ...options, signal })[Symbol.asyncIterator]()
  if (last === null || last === '') return { changes: begin({}), first: block(live) }
  const since = /^\d{1,15}$/.test(last) ? Number(last) : undefined
  if (since === undefined) return { changes: begin({}), first: resetBecause(undefined) }
  try {
    return { changes: begin({ since }), first: block(last), again: () => begin({}) }
  } catch (error) {
    if (!isStoreError(error)) throw error
    return { changes: begin({}), first: resetBecause(error) }
  }
}

interface Ends extends Pick<Call, 'failed'> {
  end(): void
}

function eventsOf(subscribed: Subscribed, heartbeat: number, { end, failed }: Ends): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(timer)
    end()
    void Promise.resolve(subscribed.changes.return?.()).catch(failed)
  }

  async function next(): Promise<string | undefined> {
    try {
      const { value, done } = await subscribed.changes.next()
      if (done) return undefined
      subscribed.again = undefined
      return eventOf(value)
    } catch (error) {
      failed(error)
      if (!subscribed.again) return `event: error\ndata: ${JSON.stringify(problemOf(error))}\n\n`
      // what he has missed is not there any more
      subscribed.changes = subscribed.again()
      subscribed.again = undefined
      return resetBecause(error)
    }
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: 1000\n${subscribed.first}`))
      timer = setInterval(() => {
        // who does not read gets no more to read
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'))
      }, heartbeat)
      ;(timer as { unref?(): void }).unref?.()
    },
    async pull(controller) {
      const text = await next()
      if (text !== undefined) controller.enqueue(encoder.encode(text))
      if (text === undefined || text.startsWith('event: error')) {
        stop()
        controller.close()
      }
    },
    cancel: stop,
  })
}

function eventOf({ type, sequence, ...change }: Data): string {
  const id = sequence === undefined ? '' : `id: ${sequence}\n`
  return `${id}event: ${type}\ndata: ${textOf(change, true)}\n\n`
}

const block = (id: string) => `id: ${id}\n\n`

/** There is a change that will not be told: all that is known is to be read again. */
function resetBecause(error: unknown): string {
  return `id: ${live}\nevent: reset\ndata: ${error === undefined ? '{}' : JSON.stringify(problemOf(error))}\n\n`
}
