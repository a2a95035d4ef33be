/** What those who listen learn of one call: by Node's tracing channel, and as a span. */
import type { TracingChannel } from 'node:diagnostics_channel'
import { isStoreError } from '../../lib/errors.js'
import type { Id, MaybePromise, Method } from '../../lib/store.js'
import { isPromise } from '../../lib/when.js'

/** A call, as it is told: never with the object that is written or read. */
export interface TracedCall {
  /** The name of the store. */
  readonly store: string
  readonly method: Method | 'prepare' | 'commit' | 'abort'
  /** The id that was given, or given back. */
  id?: Id | undefined
  /** The query as text. */
  readonly query?: string | undefined
  /** The number of the transaction in which it is. */
  transaction?: number | undefined
  /** How many objects a query gave, until it was left; or what a count gave. */
  count?: number
  error?: unknown
}

/** What is asked of a tracer: that of OpenTelemetry is one. */
export interface Tracer {
  startActiveSpan<R>(name: string, options: SpanOptions, work: (span: Span) => R): R
}
interface SpanOptions {
  kind: 2
  attributes: Record<string, string | number>
}
interface Span {
  setAttribute(name: string, value: string | number): unknown
  setStatus(status: { code: 2; message?: string }): unknown
  recordException(error: Error): void
  end(): void
}

/** One call that is observed: `within` first, then `later` if it goes on, then `done` or `failed`. */
export interface Observation {
  within<R>(work: () => R): R
  later(): void
  done(): void
  failed(error: unknown): void
}

/** Tells the channel as `tracingChannel.tracePromise` does (nodejs.org/api/diagnostics_channel.html), without the result. */
export function onChannel(channel: TracingChannel<unknown, TracedCall>, call: TracedCall): Observation {
  let isLater = false
  const end = () => {
    if (!isLater) return channel.end.publish(call)
    channel.asyncStart.publish(call)
    channel.asyncEnd.publish(call)
  }
  return {
    within: work => channel.start.runStores(call, work),
    later() {
      isLater = true
      channel.end.publish(call)
    },
    done: end,
    failed(error) {
      call.error = error
      channel.error.publish(call)
      end()
    },
  }
}

/**
 * A span with the names of OpenTelemetry's conventions for database clients
 * (opentelemetry.io/docs/specs/semconv/db/database-spans).
 */
export function asSpan(tracer: Tracer, call: TracedCall): Observation {
  const { method, store, query } = call
  const attributes = {
    'db.system.name': 'holdfast',
    'db.operation.name': method,
    'db.collection.name': store,
    ...(query !== undefined && { 'db.query.text': query }),
  }
  let span: Span
  const end = () => {
    if (call.count !== undefined) span.setAttribute('db.response.returned_rows', call.count)
    span.end()
  }
  return {
    within: work =>
      tracer.startActiveSpan(`${method} ${store}`, { kind: 2, attributes }, started => {
        span = started
        return work()
      }),
    later() {},
    done: end,
    failed(error) {
      const message = error instanceof Error ? error.message : String(error)
      span.setAttribute('error.type', isStoreError(error) || error instanceof Error ? error.name : '_OTHER')
      span.setStatus({ code: 2, message })
      if (error instanceof Error) span.recordException(error)
      end()
    },
  }
}

/** Both at once. */
export function together(one: Observation, other: Observation): Observation {
  const both = (tell: (each: Observation) => void) => () => {
    tell(one)
    tell(other)
  }
  return {
    within: work => one.within(() => other.within(work)),
    later: both(each => each.later()),
    done: both(each => each.done()),
    failed: error => both(each => each.failed(error))(),
  }
}

/** Makes a call under observation; `note` keeps of the result what may be told. */
export function observed<R>(
  observation: Observation,
  call: () => MaybePromise<R>,
  note: (result: R) => void = () => {},
): MaybePromise<R> {
  const { within, later, done, failed } = observation
  const fail = (error: unknown): never => {
    failed(error)
    throw error
  }
  const finish = (result: R) => {
    note(result)
    done()
    return result
  }
  return within(() => {
    let result: MaybePromise<R>
    try {
      result = call()
    } catch (error) {
      return fail(error)
    }
    if (!isPromise(result)) return finish(result)
    later()
    return result.then(finish, fail)
  })
}
