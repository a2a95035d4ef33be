/** The methods for many objects: each is done as one alone would be; what is written, in one transaction. */
import { StoreError } from '../../../lib/errors.js'
import type { Expression } from '../../../lib/query/expression.js'
import type { Data, Id, MaybePromise, Options, TransactionOptions } from '../../../lib/store.js'
import { isPromise, settle, when } from '../../../lib/when.js'
import { givesObjects } from '../../model/view.js'
import type { Authority, WriteOptions } from '../authority.js'
import { mistake, shown } from '../refusal.js'
import { takeId, takeList, takeObject, takeOptions, takeQuery } from '../take.js'
import type { Guard } from './guard.js'

export interface BulkOptions {
  readonly idProperty: string
  hold(data: Data): object
  /** May what is to be deleted be asked for? */
  readonly mayQuery: boolean
}

export function bulk(authority: Authority, guard: Guard, { idProperty, hold, mayQuery }: BulkOptions) {
  const { method, life, about } = guard

  /** Does the work on each, one after the other; now, where the store answers now. Each counts as a call. */
  function onEach<I, R>(name: string, items: readonly I[], work: (item: I) => MaybePromise<R>): MaybePromise<R[]> {
    const done: R[] = []
    const one = (position: number) =>
      settle(
        () => {
          if (position > 0) life.count()
          return work(items[position] as I)
        },
        result => result,
        error => {
          throw shown(error, { ...about, method: name, position })
        },
      )
    for (let position = 0; position < items.length; position++) {
      const result = one(position)
      if (isPromise(result)) return later(position, result)
      done.push(result)
    }
    return done

    async function later(position: number, first: Promise<R>): Promise<R[]> {
      done.push(await first)
      for (let at = position + 1; at < items.length; at++) {
        life.check()
        done.push(await one(at))
      }
      return done
    }
  }

  function inOne<R>(options: TransactionOptions, work: (within: Authority) => MaybePromise<R>): MaybePromise<R> {
    if ('commit' in authority) return work(authority)
    return when(authority.transaction(options), tx =>
      settle(
        () => when(work(tx), result => when(tx.commit(), () => result)),
        result => result,
        error => {
          const fail = () => {
            throw error
          }
          return settle(tx.abort, fail, fail)
        },
      ),
    )
  }

  function matching(query: Expression, within: Authority, { signal }: Options): MaybePromise<Id[]> {
    if (!givesObjects(query)) throw new StoreError('DataError', 'the query gives no objects that could be deleted')
    const found = within.query(query, { signal }) as Iterable<Data> | AsyncIterable<Data>
    const idOf = (object: Data) => object[idProperty] as Id
    return Symbol.iterator in found ? [...found].map(idOf) : collected(found, idOf)
  }

  return {
    getAll: () =>
      method(
        'getAll',
        (given: unknown, more: unknown) => {
          const ids = takeList(given).map(takeId)
          const options = takeOptions(more, ['signal']) as Options
          return () => onEach('getAll', ids, id => authority.get(id, options))
        },
        found => found.map(each => each && hold(each)),
      ),

    putAll: () =>
      method('putAll', (given: unknown, more: unknown) => {
        const objects = takeList(given).map(takeObject)
        const { ifNoneMatch, ...options } = takeOptions(more, ['ifNoneMatch', 'signal', 'reason']) as WriteOptions
        return () =>
          inOne(options, tx =>
            onEach('putAll', objects, object =>
              when(tx.put(object, { ...options, ifNoneMatch }), stored => stored[idProperty] as Id),
            ),
          )
      }),

    deleteAll: () =>
      method('deleteAll', (given: unknown, more: unknown) => {
        const ids = Array.isArray(given) ? takeList(given).map(takeId) : undefined
        if (!ids && !mayQuery) mistake('deleteAll takes an array of ids here')
        const query = ids ? undefined : takeQuery(given)
        const options = takeOptions(more, ['signal', 'reason']) as WriteOptions
        return () =>
          inOne(options, tx =>
            when(query ? matching(query(), tx, options) : (ids as Id[]), found =>
              when(
                onEach('deleteAll', found, id => tx.delete(id, options)),
                done => done.filter(each => each).length,
              ),
            ),
          )
      }),
  }
}

async function collected<T, R>(items: AsyncIterable<T>, change: (item: T) => R): Promise<R[]> {
  const all: R[] = []
  for await (const item of items) all.push(change(item))
  return all
}
