/** What was stored at a point in the history: what is stored now, less the changes since. */
import { derive, hide, provide } from '../../lib/derive.js'
import { compareKeys, toKey } from '../../lib/id.js'
import { type Plan, plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { Change, Id, MaybePromise, Options, Store, Transaction } from '../../lib/store.js'
import { apply, between, type Delta, inverse } from './delta.js'
import { entryAt, type Ledger, type LogTransaction, latestOf, sequenceOf } from './ledger.js'
import { toChange } from './live.js'
import { checkPoint, type Log, type Point, transactionOf } from './record.js'

/** The inner store and the log, at one moment. */
export interface Moment<T extends object, K extends Id> {
  readonly inner: Transaction<T, K>
  readonly log: LogTransaction
}

export interface PastOptions<T extends object, K extends Id> {
  readonly log: Log
  readonly ledger: Ledger
  readonly idProperty: string
  /** Reads both while nobody writes. */
  moment<R>(work: (moment: Moment<T, K>) => Promise<R>, options: Options): Promise<R>
}

/** The net change of an object between two points. */
export interface Difference<T extends object, K extends Id> {
  readonly type: Delta['type']
  readonly id: K
  /** As in a record: the properties that are different, or the whole object. */
  readonly previous?: Partial<T>
  readonly next?: Partial<T>
}

/** Objects by their keys: `undefined` for one that is not there. */
type State<T> = Map<Id, { readonly id: Id; readonly object: T | undefined }>

export function past<T extends object, K extends Id>({ log, ledger, idProperty, moment }: PastOptions<T, K>) {
  /** Takes back the changes after one sequence and up to another; what they are about is read where it is not there. */
  async function rewind(state: State<T>, { inner, log }: Moment<T, K>, from: number, to: number): Promise<void> {
    for (let sequence = from; sequence > to; sequence--) {
      const entry = await entryAt(log, sequence)
      const { of, as: id = of } = entry
      const object = state.has(of) ? state.get(of)?.object : await inner.get?.(id as K)
      state.set(of, { id, object: apply(inverse(entry), object) as T | undefined })
    }
  }

  function everything(point: Point, { signal }: Options): Promise<T[]> {
    return moment(
      async now => {
        const bounds = await ledger.bounds(now.log)
        const sequence = await sequenceOf(now.log, bounds, point)
        const state: State<T> = new Map()
        for await (const object of now.inner.query?.('', { signal }) ?? []) {
          const id = object[idProperty as never] as Id
          state.set(toKey(id), { id, object })
        }
        await rewind(state, now, bounds.last, sequence)
        const there = [...state].filter(([, { object }]) => object).sort(([a], [b]) => compareKeys(a, b))
        return there.map(([, { object }]) => object as T)
      },
      { signal },
    )
  }

  function objectAt(point: Point, id: K, { signal }: Options): Promise<T | undefined> {
    return moment(
      async now => {
        const sequence = await sequenceOf(now.log, await ledger.bounds(now.log), point)
        let object: object | undefined = await now.inner.get?.(id)
        for await (const entry of latestOf(now.log, toKey(id), sequence)) {
          object = apply(inverse(entry), object)
        }
        return object as T | undefined
      },
      { signal },
    )
  }

  async function* answered(point: Point, planned: Plan, options: Options): AsyncGenerator<T> {
    for (const each of run(await everything(point, options), planned)) {
      options.signal?.throwIfAborted()
      yield each as T
    }
  }

  function at(point: Point): Required<Pick<Store<T, K>, 'get' | 'query' | 'count'>> {
    checkPoint(point)
    return derive<T, K>(
      {},
      {
        get: provide((id, options = {}) => objectAt(point, id, options)),
        query: provide((query, options = {}) => answered(point, plan(query, options), options)),
        count: provide((query, options = {}): MaybePromise<number> => {
          const planned = plan(query, options)
          return everything(point, options).then(objects => counted(objects, planned))
        }),
        put: hide,
        add: hide,
        delete: hide,
        subscribe: hide,
        transaction: hide,
        setSchema: hide,
        close: hide,
      },
    ) as Required<Pick<Store<T, K>, 'get' | 'query' | 'count'>>
  }

  function diff(a: Point, b: Point, options: Options = {}): Promise<Difference<T, K>[]> {
    for (const point of [a, b]) checkPoint(point)
    return moment(async now => {
      const bounds = await ledger.bounds(now.log)
      const from = await sequenceOf(now.log, bounds, a)
      const to = await sequenceOf(now.log, bounds, b)
      const state: State<T> = new Map()
      await rewind(state, now, bounds.last, Math.max(from, to))
      const later = new Map(state)
      await rewind(state, now, Math.max(from, to), Math.min(from, to))
      const differences: Difference<T, K>[] = []
      for (const [key, { id, object }] of [...state].sort(([a], [b]) => compareKeys(a, b))) {
        // what only the second rewinding has read is as it is now
        const other = later.has(key) ? later.get(key)?.object : await now.inner.get?.(id as K)
        const delta = from < to ? between(object, other) : between(other, object)
        if (!delta || isEmpty(delta)) continue
        const { type, previous, next } = delta
        differences.push({ type, id: id as K, ...(previous && { previous }), ...(next && { next }) })
      }
      return differences
    }, options)
  }

  /** The changes after a sequence, up to the last at the moment when the first is asked for. */
  async function* changesSince(since: number, options: Options): AsyncGenerator<Change<T, K>, undefined> {
    const state: State<T> = new Map()
    const last = await moment(async now => {
      const bounds = await ledger.bounds(now.log)
      await rewind(state, now, bounds.last, await sequenceOf(now.log, bounds, since))
      return bounds.last
    }, options)
    let next = since < last ? await entryAt(log, since + 1) : undefined
    while (next) {
      const entry = next
      next = entry.id < last ? await entryAt(log, entry.id + 1) : undefined
      const { of, as: id = of } = entry
      const previous = state.get(of)?.object
      const object = apply(entry, previous) as T | undefined
      state.set(of, { id, object })
      const change = toChange({ id: id as K, object, previous }, entry)
      yield next && transactionOf(next) === transactionOf(entry) ? { ...change, more: true } : change
    }
  }

  return { at, diff, changesSince }
}

/** Only one who changes nothing has an empty diff. */
function isEmpty({ type, previous = {}, next = {} }: Delta): boolean {
  return type === 'put' && Object.keys(previous).length === 0 && Object.keys(next).length === 0
}
