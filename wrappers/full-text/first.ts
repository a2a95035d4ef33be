/** The first of the items, in order. Keeps at most twice as many as are wanted, so a few of many cost one comparison each. */
export function first<I>(items: readonly I[], limit: number, order: (a: I, b: I) => number): I[] {
  if (limit === 0) return []
  const room = 2 * Math.max(limit, 32)
  const kept: I[] = []
  let last: I | undefined
  for (const item of items) {
    if (last !== undefined && order(item, last) >= 0) continue
    if (kept.push(item) < room) continue
    kept.sort(order).length = limit
    last = kept[limit - 1]
  }
  return kept.sort(order).slice(0, limit)
}
