import type { Random } from './random.js'

const leaves: readonly ((chance: Random) => unknown)[] = [
  () => null,
  chance => chance.chance(0.5),
  chance => chance.below(10) - 5,
  chance => (chance.next() - 0.5) * 10 ** chance.below(300),
  chance => BigInt(chance.below(10)) - 5n,
  chance => BigInt(chance.below(2 ** 32)) ** BigInt(chance.below(5)),
  chance => text(chance),
  chance => new Date(chance.below(10) - 5),
  chance => new Date(Math.floor((chance.next() - 0.5) * 1.6e16)),
  chance => Uint8Array.from({ length: chance.below(5) }, () => chance.below(256)),
]

const characters = [
  ...'abzAZ09 _-./%&|()=<>$"\'\\:,;~*?+!@#{}[]',
  '\u0000',
  '\n',
  '\u00e9',
  '\u20ac',
  '\uffff',
  '\u{1f600}',
]
const names = ['a', 'b', 'id', '__proto__', 'constructor', '', '$date', '$bigint', '$$bytes', 'a.b', 'a/b', '10', 'x y']

function text(chance: Random): string {
  return Array.from({ length: chance.below(8) }, () => chance.pick(characters)).join('')
}

/** A random value of the domain, nested at most so deep. */
export function randomValue(chance: Random, depth = 3): unknown {
  const kind = depth === 0 ? 0 : chance.next()
  if (kind > 0.85) return Array.from({ length: chance.below(4) }, () => randomValue(chance, depth - 1))
  if (kind > 0.7) return randomObject(chance, depth - 1)
  return chance.pick(leaves)(chance)
}

/** A random object of the domain, with odd names among its own. */
export function randomObject(chance: Random, depth = 3): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (let left = chance.below(4); left > 0; left--) {
    const value = randomValue(chance, depth)
    Object.defineProperty(object, chance.pick(names), { value, enumerable: true, writable: true, configurable: true })
  }
  return object
}
