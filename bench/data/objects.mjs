import { random } from './random.mjs'

const firstNames = 40
const lastNames = 50
const countries = 'NO SE DK FI IS DE FR IT ES PT NL BE AT CH PL CZ HU GR IE GB'.split(' ')
const tags = 'kelp rock tide gull crab sail rope reef buoy dune'.split(' ')

/** How many objects there are where nothing else is said. */
export const many = 100_000

/** Objects of about 230 bytes of JSON, always the same, in the order of their ids. Each name is that of 50 in 10⁵. */
export function objects(count = many) {
  const next = random(1)
  const pick = list => list[Math.floor(next() * list.length)]
  return Array.from({ length: count }, (_, number) => ({
    id: idOf(number),
    name: nameOf(number * 7919),
    email: `person.${number}@example.com`,
    country: pick(countries),
    age: 18 + Math.floor(next() * 80),
    tags: [pick(tags), pick(tags), pick(tags)],
    createdAt: new Date(1.6e12 + number * 61_000).toISOString(),
    address: { city: `city ${Math.floor(next() * 1000)}`, zip: String(10_000 + Math.floor(next() * 90_000)) },
  }))
}

export const idOf = number => `user-${String(number).padStart(6, '0')}`

export function nameOf(number) {
  const which = number % (firstNames * lastNames)
  return `First${which % firstNames} Last${Math.floor(which / firstNames)}`
}

/** Numbers of objects in random order, for reading and writing here and there. */
export function numbers(count = many, seed = 2) {
  const next = random(seed)
  return Array.from({ length: 2 ** 16 }, () => Math.floor(next() * count))
}

/** Gives the next `size` items of a list at each call, round and round. */
export function batches(list, size) {
  let at = 0
  return () => {
    if (at + size > list.length) at = 0
    at += size
    return list.slice(at - size, at)
  }
}
