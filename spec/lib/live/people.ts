/** A few people, and those who read live queries over them. */
import { feed } from '../../../lib/feed.js'
import type { Live, LiveItem } from '../../../lib/live.js'
import type { Store } from '../../../lib/store.js'
import { memory } from '../../../stores/memory.js'

export interface Person {
  id: number
  age?: number
  city?: string
}

const objects = (): Person[] => [
  { id: 1, age: 40, city: 'Oslo' },
  { id: 2, age: 20, city: 'Bergen' },
  { id: 3, age: 50, city: 'Oslo' },
]
export const people = () => memory<Person, number>({ objects: objects() })
export const steps = <T>(of: Live<T>) => of[Symbol.asyncIterator]()

export async function next<T>(items: AsyncIterator<LiveItem<T>, undefined>): Promise<LiveItem<T>> {
  const { value, done } = await items.next()
  if (done) throw new Error('there is no next step')
  return value
}

/** A store of which is known whether somebody follows it, and who falls behind soon. */
export function watched(max = 10_000) {
  const changes = feed<Person, number>()
  const inner = people()
  const put = (object: Person) => {
    const previous = inner.get(object.id)
    inner.put(object)
    changes.publish([{ type: 'put', id: object.id, object, ...(previous && { previous }) }])
  }
  const source: Store<Person, number> = {
    query: inner.query,
    subscribe: (query, options) => changes.subscribe(query, { ...options, max }),
  }
  return { source, put, changes }
}
