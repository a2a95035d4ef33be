/** Random numbers from a seed: the same seed, the same numbers (mulberry32, Tommy Ettinger). */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
  /** A whole number from 0, less than `end`. */
  below(end: number): number
  pick<T>(items: readonly T[]): T
  chance(probability: number): boolean
}

export function random(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    next,
    below,
    pick: items => items[below(items.length)] as never,
    chance: probability => next() < probability,
  }
}

/** The seed of this run: `SEED` of the environment to replay one, else a new one. */
export function newSeed(): number {
  const given = Number(process.env.SEED)
  return Number.isSafeInteger(given) && given > 0 ? given : (Date.now() ^ (process.pid << 16)) >>> 0
}
