/** The methods by which a holder reads. */

import { type Answer, atOnce } from '../../../lib/cursor.js'
import { StoreError } from '../../../lib/errors.js'
import type { Expression } from '../../../lib/query/expression.js'
import type { Change, Data, Options, QueryOptions, SubscribeOptions } from '../../../lib/store.js'
import { givesObjects } from '../../model/view.js'
import type { Authority } from '../authority.js'
import { facetCursor } from '../cursor.js'
import { takeId, takeOptions, takeQuery } from '../take.js'
import type { Guard, Steps } from './guard.js'

export interface ReadingOptions {
  /** Makes an object of the holder's of what is seen. */
  hold(data: Data): object
  readonly mayCount: boolean
}

export function reading(
  authority: Authority,
  { life, method, immediate, iterator, list }: Guard,
  { hold, mayCount }: ReadingOptions,
) {
  /** What a cursor calls, which is made of nothing but what has been taken. */
  function answer(query: Expression, options: QueryOptions): Answer<unknown> {
    let whole = true
    const steps: Steps = {
      begin() {
        options.signal?.throwIfAborted()
        whole = givesObjects(query)
        const found = authority.query(query, options)
        return Symbol.iterator in found ? found[Symbol.iterator]() : found[Symbol.asyncIterator]()
      },
      make(item) {
        options.signal?.throwIfAborted()
        return whole ? hold(item as Data) : item
      },
    }
    return { [Symbol.asyncIterator]: () => iterator('query', steps), [atOnce]: () => list('query', steps) }
  }

  const count = () =>
    method('count', (asked: unknown, given: unknown) => {
      const { signal, parameters } = takeOptions(given, ['signal', 'parameters'])
      const query = takeQuery(asked, parameters)
      return () => authority.count(query(), { signal } as Options)
    }) as (query: unknown, options?: unknown) => Promise<number>

  return {
    count,

    get: () =>
      method(
        'get',
        (given: unknown, more: unknown) => {
          const id = takeId(given)
          const options = takeOptions(more, ['signal']) as Options
          return () => authority.get(id, options)
        },
        found => found && hold(found),
        life.enterToRead,
      ),

    query() {
      const counting = mayCount ? count() : noCount
      return immediate('query', (given: unknown, more: unknown) => {
        const { parameters, ...options } = takeOptions(more, ['signal', 'start', 'end', 'parameters'])
        const query = takeQuery(given, parameters)
        return () => facetCursor(answer, counting, query(), options)
      })
    },

    subscribe: () =>
      immediate('subscribe', (given: unknown, more: unknown) => {
        const { parameters, ...options } = takeOptions(more, ['signal', 'since', 'parameters'])
        const query = takeQuery(given, parameters)
        return () => {
          const changes = authority.subscribe(query(), options as SubscribeOptions)
          return iterator('subscribe', {
            begin: () => changes,
            make(change) {
              const { object, previous, ...others } = change as Change<Data>
              return {
                ...others,
                ...(object && { object: hold(object) }),
                ...(previous && { previous: hold(previous) }),
              }
            },
          })
        }
      }),
  }
}

async function noCount(): Promise<never> {
  throw new StoreError('NotSupportedError', 'there is no count here')
}
