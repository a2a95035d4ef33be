import { batches, idOf, numbers, objects } from './objects.mjs'

/** Puts of so many objects that last: a few one after the other, or 64 at once. */
export function lasting(held) {
  const source = objects(held)
  const nextNumbers = batches(numbers(held), 64)
  const nextFew = batches(numbers(held, 3), 8)
  const answer = () => idOf(7)
  return {
    source,
    answer,
    putting: (put, end) => ({
      end,
      answer,
      async one() {
        const chosen = nextFew()
        for (const number of chosen) await put(source[number])
        return chosen.length
      },
      async together() {
        const chosen = nextNumbers()
        await Promise.all(chosen.map(number => put(source[number])))
        return chosen.length
      },
    }),
  }
}
