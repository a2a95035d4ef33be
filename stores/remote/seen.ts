/** What a transaction has read from the server, to be compared when it commits. */
import { etag } from '../../lib/etag.js'
import { toKey } from '../../lib/id.js'
import type { CountOptions, Id, Options, Query, QueryOptions, Store } from '../../lib/store.js'
import { copy } from '../../lib/value.js'
import type { Address } from './address.js'
import { type Asking, asking, question } from './question.js'
import type { Reading } from './reading.js'

/** One entry of a batch. */
export interface Entry {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Seen {
  /** Reads from the server; the same object is read once. */
  readonly reads: Required<Pick<Store, 'get' | 'query' | 'count'>>
  /** That all is as it was seen. */
  conditions(): Entry[]
}

export function seen(reading: Reading, to: Address): Seen {
  const objects = new Map<Id, { readonly id: Id; readonly object: object | undefined }>()
  const results: Entry[] = []

  function note({ method, path, body }: Asking, tag: string): void {
    results.push({ method, path, headers: { ...minimal, 'if-match': tag }, ...(body !== undefined && { body }) })
  }

  return {
    reads: {
      async get(id: Id, options?: Options) {
        const known = objects.get(toKey(id))
        if (known) return copy(known.object)
        const object = await reading.get(id, options)
        objects.set(toKey(id), { id, object })
        return copy(object)
      },
      query(query?: Query, options?: QueryOptions) {
        const found = reading.query(query, options)
        return {
          async *[Symbol.asyncIterator]() {
            const items: object[] = []
            for await (const item of found) items.push(item)
            note(asking(question(query, options), to.path, `${to.path}/$query`), etag(items))
            yield* items
          },
        }
      },
      async count(query?: Query, options?: CountOptions) {
        const count = await reading.count(query, options)
        const route = `${to.path}/$count`
        note(asking(question(query, options), route, route), etag({ count }))
        return count
      },
    },
    conditions() {
      const own = [...objects.values()].map(({ id, object }) => ({
        method: 'GET',
        path: to.object(id),
        headers: { ...minimal, ...(object ? { 'if-match': etag(object) } : { 'if-none-match': '*' }) },
      }))
      return [...own, ...results]
    },
  }
}

const minimal = { prefer: 'return=minimal' }
