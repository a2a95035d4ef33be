/** A few people, and cursors over them, for the tests of cursors. */
import { expect } from 'chai'
import { type Cursor, cursor } from '../../lib/cursor.js'
import { plan } from '../../lib/query/plan.js'
import { counted, run } from '../../lib/query/run.js'
import type { Query, QueryOptions } from '../../lib/store.js'

export interface Person {
  id: number
  name: string
  age?: number
  tags: string[]
  address?: { city: string }
  pets: { kind: string; age: number }[]
}

export const people: Person[] = [
  { id: 1, name: 'Ada', age: 36, tags: ['x', 'y'], address: { city: 'London' }, pets: [{ kind: 'cat', age: 3 }] },
  { id: 2, name: 'Bob', age: 20, tags: ['y'], pets: [] },
  { id: 3, name: 'Cy', tags: [], address: { city: 'Oslo' }, pets: [{ kind: 'dog', age: 9 }] },
]

/** A cursor over the people, that notes what is asked of the store. */
export function asking(query?: Query, options?: QueryOptions) {
  const asked: unknown[] = []
  const made = cursor<Person>(
    (query, options) => {
      asked.push(['query', options])
      return run(people, plan(query, options)) as Iterable<Person>
    },
    (query, options) => {
      asked.push(['count', options])
      return counted(people, plan(query))
    },
    query,
    options,
  )
  return { query: made, asked }
}

export const ask = (query?: Query, options?: QueryOptions) => asking(query, options).query
export const ids = async (query: Cursor<Person>) => (await query.toArray()).map(({ id }) => id).join()

/** What the promise is rejected with. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('an error was expected'),
    error => error,
  )
}
