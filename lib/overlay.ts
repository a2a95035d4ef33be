/** Writes that are not in a store yet, laid over it: who reads sees them, the store itself does not change. */
import { compareKeys, toKey } from './id.js'
import { type Expression, node } from './query/expression.js'
import { match } from './query/match.js'
import { type Plan, plan } from './query/plan.js'
import { counted, run } from './query/run.js'
import type { CountOptions, Id, MaybePromise, Options, Query, Store } from './store.js'
import { copy } from './value.js'
import { isPromise, when } from './when.js'

/** What is to be stored under an id. */
export interface Pending<T extends object = object> {
  readonly id: Id
  /** `undefined` if it is to be deleted. */
  readonly object: T | undefined
}

/** What is known of some keys. */
export type Known<T extends object> = ReadonlyMap<Id, Pending<T>>

/** The last write to each key, in the order in which these were made. */
export interface Overlay<T extends object> extends Known<T> {
  write(pending: Pending<T>): void
  /** The store has this write now, unless there is a later one. */
  landed(pending: Pending<T>): void
  /** Gives up what is to be written under an id; `false` if nothing is. */
  drop(id: Id): boolean
  clear(): void
  /** What is there now and what comes, until the work has ended: what else the work reads from the store is no older. */
  during<R>(work: (known: Known<T>) => Promise<R>): Promise<R>
}

export function overlay<T extends object>(): Overlay<T> {
  const pending = new Map<Id, Pending<T>>()
  const followers = new Set<Map<Id, Pending<T>>>()
  return Object.assign(pending, {
    write(write: Pending<T>) {
      const key = toKey(write.id)
      pending.delete(key)
      pending.set(key, write)
      for (const each of followers) each.set(key, write)
    },
    landed(write: Pending<T>) {
      const key = toKey(write.id)
      if (pending.get(key) === write) pending.delete(key)
    },
    drop(id: Id) {
      for (const each of followers) each.delete(toKey(id))
      return pending.delete(toKey(id))
    },
    async during<R>(work: (known: Known<T>) => Promise<R>) {
      const known = new Map(pending)
      followers.add(known)
      try {
        return await work(known)
      } finally {
        followers.delete(known)
      }
    },
  })
}

export interface OverOptions {
  /** The property that holds an object's id: `id` by default. */
  readonly idProperty?: string | undefined
  /** Throws where nothing may be read: asked at each call, and when an iteration begins. */
  readonly check: (options?: Options) => void
  /** Does work that reads the store, perhaps later. Asked only where the store does not answer at once. */
  readonly read?: (<R>(work: () => Promise<R>, options: Options) => Promise<R>) | undefined
}

type Reads<T extends object, K extends Id> = Pick<Store<T, K>, 'get' | 'query' | 'count'>

/**
 * Reads a store with an overlay on it, always in one state of both, and at once where the store answers at once. What is not
 * about anything in the overlay costs what the store takes; a query reads what fulfils its conditions, `limit` and `first`
 * only as many as they need.
 */
export function over<T extends object, K extends Id>(
  target: Reads<T, K>,
  pending: Overlay<T>,
  { idProperty = 'id', check, read = work => work() }: OverOptions,
): Required<Reads<T, K>> {
  const inner = target as Required<Reads<T, K>>

  /** All that the stages need, in the order of the ids. */
  function found({ condition, stages }: Plan, { signal }: Options): MaybePromise<Iterable<T>> {
    const ask = (hidden: number) => inner.query(asked(condition, stages, hidden), { signal })
    const below = ask(pending.size)
    if (Symbol.iterator in below) return merge([...below], pending, condition, idProperty)
    const gather = async (known: Known<T>) => {
      const { size } = known
      const rows = await listed(ask(size))
      // with more hidden than when it was asked, it may have been asked for too little
      return merge(known.size > size ? await listed(ask(Infinity)) : rows, known, condition, idProperty)
    }
    return read(() => pending.during(gather), { signal })
  }

  return {
    get(id, options = {}) {
      check(options)
      const own = pending.get(toKey(id))
      return own ? copy(own.object) : inner.get(id, options)
    },
    query(query, options = {}) {
      check(options)
      const plain = inner.query(query, options)
      const planned = plan(query, options)
      const answer = (objects: Iterable<T>) => [...run(objects, staged(planned))] as T[]
      if (!(Symbol.iterator in plain)) {
        return {
          async *[Symbol.asyncIterator]() {
            check(options)
            yield* until(options, answer(await found(planned, options)))
          },
        }
      }
      return {
        [Symbol.iterator]() {
          check(options)
          if (pending.size === 0) return plain[Symbol.iterator]()
          return until(options, answer(found(planned, options) as Iterable<T>))
        },
      }
    },
    count(query, options: CountOptions = {}) {
      check(options)
      const count = () => {
        const planned = plan(query, options)
        return when(found(planned, options), objects => counted(objects, staged(planned)))
      }
      if (pending.size > 0) return count()
      const plain = inner.count(query, options)
      if (!isPromise(plain)) return plain
      return pending.during(async known => {
        const number = await plain
        // what was written meanwhile may be in it or not
        return known.size === 0 ? number : count()
      })
    },
  }
}

/** What is left to do when the conditions are fulfilled. */
function staged({ stages }: Plan): Plan {
  return { condition: undefined, stages }
}

/** The query to the store below, so that it gives no more than the stages need when so many of its objects are hidden. */
function asked(condition: Expression | undefined, stages: readonly Expression[], hidden: number): Query {
  const sort = stages[0]?.name === 'sort' ? stages.slice(0, 1) : []
  const { name, args = [] } = stages[sort.length] ?? {}
  const [count = Infinity, start = 0] = name === 'limit' ? (args as readonly number[]) : name === 'first' ? [1] : []
  const most = count + start + hidden
  const terms = [...(condition ? [condition] : []), ...sort]
  return node('and', Number.isSafeInteger(most) ? [...terms, node('limit', [most])] : condition ? [condition] : [])
}

/** What the store has of other keys, and what the overlay has: copies of that. */
function merge<T extends object>(
  below: readonly T[],
  known: Known<T>,
  condition: Expression | undefined,
  idProperty: string,
): Iterable<T> {
  const test = match(condition)
  const keyOf = (object: T) => toKey(object[idProperty as never])
  const rows = below.map(object => ({ key: keyOf(object), object })).filter(({ key }) => !known.has(key))
  for (const [key, { object }] of known) if (object && test(object)) rows.push({ key, object: copy(object) })
  return rows.sort((a, b) => compareKeys(a.key, b.key)).map(({ object }) => object)
}

async function listed<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

function* until<T>({ signal }: Options, items: readonly T[]): Generator<T, undefined> {
  for (const item of items) {
    signal?.throwIfAborted()
    yield item
  }
}
