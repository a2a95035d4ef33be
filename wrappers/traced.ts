import { tracingChannel } from 'node:diagnostics_channel'
import { derive, type Wrapped } from '../lib/derive.js'
import { explain, introduce } from '../lib/explain.js'
import { toExpression } from '../lib/query/operators.js'
import { print } from '../lib/query/print.js'
import type {
  CountOptions,
  DeleteOptions,
  Id,
  MaybePromise,
  Options,
  PutOptions,
  Query,
  QueryOptions,
  Store,
  Transaction,
} from '../lib/store.js'
import { when } from '../lib/when.js'
import { iterated } from './traced/iteration.js'
import {
  asSpan,
  type Observation,
  observed,
  onChannel,
  type TracedCall,
  type Tracer,
  together,
} from './traced/observation.js'

export type { TracedCall, Tracer } from './traced/observation.js'

export interface TracedOptions {
  /** The name of the store in what is told: that of the inner store's factory by default. */
  readonly name?: string | undefined
  /** The name of the tracing channel: `holdfast:store` by default. */
  readonly channel?: string | undefined
  /** Makes a span of each call: `trace.getTracer('…')` of `@opentelemetry/api`. Without one nothing of it is needed. */
  readonly tracer?: Tracer | undefined
  /** Are the texts of queries told, with the values in them? Those bound by `parameters` never are. `true` by default. */
  readonly text?: boolean | undefined
}

/**
 * Tells of every call, in transactions too: on the tracing channel `holdfast:store` of `node:diagnostics_channel`, whose events
 * are named `tracing:holdfast:store:start`, `…:end`, `…:asyncStart`, `…:asyncEnd` and `…:error`, and as spans if there is a tracer. What is told is
 * a `TracedCall`: the method, the id, the text of the query and how many objects there were, never an object. A query is told
 * of as often as it is iterated, from the beginning of that to its end. While nobody listens, a call costs the question.
 */
export function traced<S extends Store>(inner: S, options?: TracedOptions): Wrapped<S>
export function traced<T extends object, K extends Id>(
  inner: Store<T, K>,
  { name = explain(inner).name, channel: channelName = 'holdfast:store', tracer, text = true }: TracedOptions = {},
): Store<T, K> {
  const channel = tracingChannel<unknown, TracedCall>(channelName)
  let transactions = 0

  const listened = () => tracer !== undefined || channel.hasSubscribers

  function observe(call: TracedCall): Observation {
    if (!tracer) return onChannel(channel, call)
    const span = asSpan(tracer, call)
    return channel.hasSubscribers ? together(onChannel(channel, call), span) : span
  }

  function refused(call: TracedCall, error: unknown): void {
    const { within, failed } = observe(call)
    within(() => failed(error))
  }

  /** The methods of the store, or of a transaction on it. */
  function telling(target: Store<T, K> | Transaction<T, K>, transaction?: number) {
    const own = target as Required<Store<T, K>> & Required<Transaction<T, K>>
    const about = (method: TracedCall['method'], given?: Partial<TracedCall>): TracedCall => ({
      store: name,
      method,
      ...(transaction !== undefined && { transaction }),
      ...given,
    })

    function tell<R>(call: TracedCall, make: () => MaybePromise<R>, note?: (result: R) => void): MaybePromise<R> {
      return observed(observe(call), make, note)
    }

    function put(method: 'put' | 'add', object: T, options: PutOptions<K> | undefined): MaybePromise<K> {
      if (!listened()) return own[method](object, options)
      const call = about(method, { id: options?.id })
      return tell(
        call,
        () => own[method](object, options),
        id => {
          call.id = id
        },
      )
    }

    const bare = (method: 'prepare' | 'commit' | 'abort' | 'close') => () =>
      listened() ? tell(about(method), () => own[method]()) : own[method]()

    return {
      about,
      tell,
      bare,
      methods: {
        get: (id: K, options?: Options) =>
          listened() ? tell(about('get', { id }), () => own.get(id, options)) : own.get(id, options),
        put: (object: T, options?: PutOptions<K>) => put('put', object, options),
        add: (object: T, options?: PutOptions<K>) => put('add', object, options),
        delete: (id: K, options?: DeleteOptions) =>
          listened() ? tell(about('delete', { id }), () => own.delete(id, options)) : own.delete(id, options),
        query(query?: Query, options?: QueryOptions) {
          if (!listened()) return own.query(query, options)
          const call = () => about('query', textOf(query))
          // what is refused now is told now; else each iteration is told of
          const found = attempt(
            () => own.query(query, options),
            error => refused(call(), error),
          )
          return iterated(found, () => {
            const told = call()
            return { observation: observe(told), note: count => void Object.assign(told, { count }) }
          })
        },
        count(query?: Query, options?: CountOptions) {
          if (!listened()) return own.count(query, options)
          const call = about('count', textOf(query))
          return tell(
            call,
            () => own.count(query, options),
            count => {
              call.count = count
            },
          )
        },
      },
    }
  }

  const textOf = (query: Query | undefined) => (text && query !== undefined ? { query: asText(query) } : undefined)

  const { methods, about, tell, bare } = telling(inner)
  const own = inner as Required<Store<T, K>>
  const store = derive<T, K>(inner, {
    ...methods,
    subscribe(query, options) {
      if (!listened()) return own.subscribe(query, options)
      return tell(about('subscribe', textOf(query)), () => own.subscribe(query, options) as never) as never
    },
    transaction(options) {
      const number = ++transactions
      const begin = () => when(own.transaction(options), tx => within(tx, number))
      return listened() ? tell(about('transaction', { transaction: number }), begin) : begin()
    },
    setSchema(schema) {
      if (!listened()) return own.setSchema(schema)
      tell(about('setSchema'), () => own.setSchema(schema))
    },
    close: bare('close'),
  })

  function within(tx: Transaction<T, K>, number: number): Transaction<T, K> {
    const { methods, bare } = telling(tx, number)
    return derive<T, K>(tx, { ...methods, prepare: bare('prepare'), commit: bare('commit'), abort: bare('abort') })
  }

  return introduce(store, { name: 'traced', options: { name, channel: channelName, spans: !!tracer }, inner: [inner] })
}

function asText(query: Query): string | undefined {
  if (typeof query === 'string') return query
  try {
    return print(toExpression(query))
  } catch {
    // it has no text, or is refused by the store
    return undefined
  }
}

/** What the work gives; `failed` learns why it gives nothing. */
function attempt<R>(work: () => R, failed: (error: unknown) => void): R {
  try {
    return work()
  } catch (error) {
    failed(error)
    throw error
  }
}
