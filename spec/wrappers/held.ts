import { derive } from '../../lib/derive.js'
import type { Data, Id, MaybePromise, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { forwarded, forwardedInside } from '../forwarded.js'

type Held = 'get' | 'put' | 'add' | 'commit'

/** A store that answers later, counts what it is asked, fails when told, and can be held up: before it does what is asked, or after. */
export function held<T extends object = Data>(objects: readonly T[] = [], inner = memory<T>({ objects })) {
  const gates = new Map<string, Promise<void>>()
  const failures = new Map<string, Error>()
  const asked = { get: 0, put: 0, add: 0, commit: 0 }

  async function pass<R>(method: Held, work: () => MaybePromise<R>): Promise<R> {
    asked[method]++
    await gates.get(`before ${method}`)
    const result = await work()
    await gates.get(`after ${method}`)
    const failure = failures.get(method)
    if (failure) throw failure
    return result
  }

  const store = derive(inner as Store<T, Id>, {
    ...forwarded,
    get: id => pass('get', () => inner.get(id)),
    put: (object, options) => pass('put', () => inner.put(object, options)),
    add: (object, options) => pass('add', () => inner.add(object, options)),
    transaction: async options => {
      const tx = await inner.transaction(options)
      return derive(tx, { ...forwardedInside, commit: () => pass('commit', () => tx.commit()) })
    },
  }) as Required<Store<T, Id>>

  return {
    inner,
    store,
    asked,
    /** Holds the method up until the function that it gives is called. */
    hold(when: 'before' | 'after', method: Held): () => void {
      let release = () => {}
      const gate = new Promise<void>(resolve => {
        release = resolve
      })
      gates.set(`${when} ${method}`, gate)
      return () => {
        gates.delete(`${when} ${method}`)
        release()
      }
    },
    /** Lets the method fail after it has done its work, until it is told otherwise. */
    fail(method: Held, error: Error | undefined): void {
      if (error) failures.set(method, error)
      else failures.delete(method)
    },
  }
}

/** A turn of the event loop: whatever could go on has gone on. */
export function tick(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

/** A clock that stands still until it is set. */
export function clock() {
  const read = () => read.time
  read.time = 0
  return read
}

/** What the work gives, or the message of its error. */
export async function messageOf(work: unknown): Promise<unknown> {
  try {
    return await work
  } catch (thrown) {
    return (thrown as Error).message
  }
}
