/** Gets that are asked for at the same time, answered by one query. */
import { checkId, toKey } from '../../lib/id.js'
import { node } from '../../lib/query/expression.js'
import type { Id, Options, Store } from '../../lib/store.js'
import { copy } from '../../lib/value.js'

export interface Batching<T extends object> {
  get(id: Id, options?: Options): Promise<T | undefined>
  /** Asks now for what has been asked for until now. */
  ask(): void
  readonly numbers: Readonly<{ gets: number; queries: number }>
}

interface Waiting<T> {
  give(object: T | undefined): void
  fail(error: unknown): void
  /** Does he wait no longer? */
  gone: boolean
  /** Called when he has gone. */
  left?: () => void
}

interface Wanted<T> {
  readonly id: Id
  readonly waiting: Waiting<T>[]
}

type Batch<T> = Map<Id, Wanted<T>>

export function batching<T extends object, K extends Id>(
  target: Pick<Store<T, K>, 'get' | 'query'>,
  { max, idProperty }: { readonly max: number; readonly idProperty: string },
): Batching<T> {
  const inner = target as Required<Pick<Store<T, Id>, 'get' | 'query'>>
  const numbers = { gets: 0, queries: 0 }
  let batch: Batch<T> | undefined

  function open(): Batch<T> {
    const opened: Batch<T> = new Map()
    // after those who are called back in this turn have asked, too
    Promise.resolve().then(() => process.nextTick(() => batch === opened && ask()))
    return opened
  }

  function ask(): void {
    const wanted = [...(batch?.values() ?? [])]
    batch = undefined
    for (let at = 0; at < wanted.length; at += max) void answer(wanted.slice(at, at + max))
  }

  async function answer(wanted: readonly Wanted<T>[]): Promise<void> {
    const all = wanted.flatMap(({ waiting }) => waiting)
    if (all.every(({ gone }) => gone)) return
    const aborter = new AbortController()
    const left = () => {
      if (all.every(({ gone }) => gone)) aborter.abort()
    }
    for (const each of all) each.left = left
    try {
      const [only] = wanted
      const found = wanted.length === 1 && only ? await one(only.id, aborter) : await several(wanted, aborter)
      for (const { id, waiting } of wanted) {
        const object = found.get(toKey(id))
        // the first gets it, the others a copy
        for (const [at, { give }] of waiting.entries()) give(at === 0 ? object : copy(object))
      }
    } catch (error) {
      for (const { fail } of all) fail(error)
    }
  }

  async function one(id: Id, { signal }: AbortController): Promise<Map<Id, T | undefined>> {
    numbers.gets++
    return new Map([[toKey(id), await inner.get(id, { signal })]])
  }

  async function several(wanted: readonly Wanted<T>[], { signal }: AbortController): Promise<Map<Id, T>> {
    numbers.queries++
    const found = new Map<Id, T>()
    const ids = wanted.flatMap(({ id }) => spellings(id))
    for await (const object of inner.query(node('in', [idProperty, ids]), { signal })) {
      found.set(toKey(object[idProperty as never]), object)
    }
    return found
  }

  return {
    numbers,
    ask,
    async get(id, { signal } = {}) {
      checkId(id)
      signal?.throwIfAborted()
      batch ??= open()
      const key = toKey(id)
      const wanted = batch.get(key) ?? { id, waiting: [] }
      batch.set(key, wanted)
      return new Promise((resolve, reject) => {
        const waiting: Waiting<T> = { give: resolve, fail: reject, gone: false }
        wanted.waiting.push(waiting)
        if (!signal) return
        const aborted = () => {
          waiting.gone = true
          reject(signal.reason)
          waiting.left?.()
        }
        const over =
          <V>(end: (value: V) => void) =>
          (value: V) => {
            signal.removeEventListener('abort', aborted)
            end(value)
          }
        waiting.give = over(resolve)
        waiting.fail = over(reject)
        signal.addEventListener('abort', aborted, { once: true })
      })
    },
  }
}

/** An integer may be stored as its decimal string, which is the same id, but not the same value. */
function spellings(id: Id): readonly Id[] {
  const key = toKey(id)
  return typeof key === 'number' ? [key, String(key)] : [key]
}
