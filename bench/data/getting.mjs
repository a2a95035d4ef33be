import { batches, idOf, many, numbers } from './objects.mjs'

/** Gets objects of a store by their ids here and there, 512 at a time. Ids are made anew: they are not the very strings in the store. */
export function getting(store, held = many) {
  const nextIds = batches(numbers(held).map(idOf), 512)
  return {
    answer: () => [0, 1, held - 1].map(number => store.get(idOf(number)).age),
    get() {
      let sum = 0
      const ids = nextIds()
      for (const id of ids) sum += store.get(id).age
      return sum > 0 ? ids.length : 0
    },
  }
}
