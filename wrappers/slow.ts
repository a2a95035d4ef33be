import { derive, forward, type Wrapped } from '../lib/derive.js'
import { introduce } from '../lib/explain.js'
import type { Id, MaybePromise, Method, Store, Transaction } from '../lib/store.js'
import { checkedCopy } from '../lib/value.js'

/** Comes after so many milliseconds, or fails with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

export interface SlowOptions {
  /** How long each call takes, in milliseconds: always as long, 10 by default, or as a function says. */
  readonly delay?: number | ((method: SlowMethod) => number) | undefined
  /** Waits: by `setTimeout` by default. */
  readonly sleep?: Sleep | undefined
}

export type SlowMethod = Exclude<Method, 'subscribe' | 'setSchema'> | 'prepare' | 'commit' | 'abort'

type Later<F> = F extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
type Results<F> = F extends (...args: infer A) => Iterable<infer T> | AsyncIterable<infer T>
  ? (...args: A) => AsyncIterable<T>
  : never
type Slowed<S> = {
  readonly [M in Extract<keyof S, SlowMethod>]: M extends 'query' ? Results<S[M]> : Later<S[M]>
}

/**
 * A store whose every call takes time, as over a network: to find out what an application or a wrapper does meanwhile.
 * A call waits before it is made, a query before its first result; `commit`, `abort` and `close` wait after it. A
 * signal ends the wait, and the call is not made. Following, and telling a schema, take no time.
 */
export function slow<S extends Store>(inner: S, options?: SlowOptions): Wrapped<S, SlowMethod, Slowed<S>>
export function slow<T extends object, K extends Id>(
  inner: Store<T, K>,
  { delay = 10, sleep = sleepFor }: SlowOptions = {},
): Store<T, K> {
  const wait = (method: SlowMethod, signal?: AbortSignal) =>
    sleep(typeof delay === 'number' ? delay : delay(method), signal)
  type Target = Required<Store<T, K>> & Required<Transaction<T, K>>

  const reading = (target: Target): Pick<Target, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count'> => ({
    async get(id, options) {
      await wait('get', options?.signal)
      return target.get(id, options)
    },
    async put(object, options) {
      const own = checkedCopy(object)
      await wait('put', options?.signal)
      return target.put(own, options)
    },
    async add(object, options) {
      const own = checkedCopy(object)
      await wait('add', options?.signal)
      return target.add(own, options)
    },
    async delete(id, options) {
      await wait('delete', options?.signal)
      return target.delete(id, options)
    },
    query(query, options) {
      const found = target.query(query, options)
      return {
        async *[Symbol.asyncIterator]() {
          await wait('query', options?.signal)
          yield* found
        },
      }
    },
    async count(query, options) {
      await wait('count', options?.signal)
      return target.count(query, options)
    },
  })

  const store = derive<T, K>(inner, {
    ...reading(inner as Target),
    subscribe: forward,
    async transaction(options) {
      await wait('transaction', options?.signal)
      const tx = await (inner as Target).transaction(options)
      return derive<T, K>(tx, {
        ...reading(tx as Target),
        async prepare() {
          await wait('prepare')
          return tx.prepare?.()
        },
        commit: () => answeredLate('commit', () => tx.commit()),
        abort: () => answeredLate('abort', () => tx.abort()),
      })
    },
    setSchema: forward,
    close: () => answeredLate('close', () => (inner as Target).close()),
  })

  /** What ends something has its effect at once: who has prepared must be able to rely on it. */
  async function answeredLate(method: SlowMethod, call: () => MaybePromise<void>): Promise<void> {
    try {
      await call()
    } finally {
      await wait(method)
    }
  }

  return introduce(store, {
    name: 'slow',
    options: { delay: typeof delay === 'number' ? delay : undefined },
    inner: [inner],
  })
}

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }, ms)
    function aborted(): void {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', aborted, { once: true })
  })
}
