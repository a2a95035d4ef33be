/** The place of an object among all, the same for everybody who asks: the one that was asked about first comes first. */
export function rank(object: object): number {
  const known = ranks.get(object)
  if (known !== undefined) return known
  ranks.set(object, ranked)
  return ranked++
}

const ranks = new WeakMap<object, number>()
let ranked = 0
