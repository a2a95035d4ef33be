import { library } from '../library.mjs'
import { getting } from './getting.mjs'
import { batches, numbers, objects } from './objects.mjs'
import { meetShapes } from './shapes.mjs'

/** Puts 10⁵ objects into a wrapped memory, and gets and puts them again here and there, 512 at a time. */
export async function putting(wrap) {
  const { memory } = await library('index.js')
  const other = await wrap(memory())
  meetShapes(object => other.get(other.put(object)))
  const source = objects()
  const store = await wrap(memory())
  for (const object of source) store.put(object)
  const nextNumbers = batches(numbers(), 512)
  return {
    ...getting(store),
    put() {
      const which = nextNumbers()
      for (const number of which) store.put(source[number])
      return which.length
    },
  }
}
