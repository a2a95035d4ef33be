import { derive, forward } from '../../../lib/derive.js'
import type { MaybePromise, Store } from '../../../lib/store.js'

/** A store whose every call waits until it is let go, before it is done and after. */
export interface SlowStore {
  readonly store: Required<Store>
  /** Lets one call go on. */
  step(): Promise<void>
  /** Lets all go on until the work is done. */
  finish<T>(work: Promise<T>): Promise<T>
  /** From now on calls need not wait. */
  release(): void
}

/** `pick` says which of so many calls goes on. */
export function slow(inner: Required<Store>, pick = (_waiting: number) => 0): SlowStore {
  let gates: (() => void)[] = []
  let open = false

  const gate = (): Promise<void> =>
    open
      ? Promise.resolve()
      : new Promise(resolve => {
          gates.push(resolve)
        })

  const slowly =
    <A extends unknown[], R>(work: (...args: A) => MaybePromise<R>) =>
    async (...args: A): Promise<R> => {
      await gate()
      const result = await work(...args)
      await gate()
      return result
    }

  async function step(): Promise<void> {
    if (gates.length > 0) gates.splice(pick(gates.length), 1)[0]?.()
    for (let turn = 0; turn < 20; turn++) await null
  }

  const readAndWrite = (target: Pick<Required<Store>, 'get' | 'put' | 'add' | 'delete' | 'query' | 'count'>) => ({
    get: slowly(target.get),
    put: slowly(target.put),
    add: slowly(target.add),
    delete: slowly(target.delete),
    count: slowly(target.count),
    query: (query?: never, options?: never) => ({
      async *[Symbol.asyncIterator]() {
        await gate()
        const found: object[] = []
        for await (const each of target.query(query, options)) found.push(each)
        await gate()
        yield* found
      },
    }),
  })

  const store = derive(inner, {
    ...readAndWrite(inner),
    subscribe: forward,
    setSchema: forward,
    close: forward,
    transaction: async options => {
      const tx = await inner.transaction(options)
      return derive(tx, {
        ...readAndWrite(tx as Required<typeof tx>),
        prepare: forward,
        commit: slowly(() => tx.commit()),
        abort: slowly(() => tx.abort()),
      })
    },
  }) as Required<Store>

  return {
    store,
    step,
    async finish(work) {
      let done = false
      const end = () => {
        done = true
      }
      work.then(end, end)
      while (!done) await step()
      return work
    },
    release() {
      open = true
      for (const each of gates) each()
      gates = []
    },
  }
}
