export interface Edge {
  readonly from: number
  readonly to: number
  /** Why the one comes before the other. */
  readonly kind: string
}

export interface Sorted {
  /** All nodes in an order that every edge agrees with, if there is one. */
  readonly order?: readonly number[]
  /** Else the edges of a cycle. */
  readonly cycle?: readonly Edge[]
}

/** Sorts the nodes from 0 to `count` by the edges (Kahn 1962), in linear time. */
export function sorted(count: number, edges: readonly Edge[]): Sorted {
  const into: Edge[][] = Array.from({ length: count }, () => [])
  const outOf: Edge[][] = Array.from({ length: count }, () => [])
  for (const edge of edges) {
    into[edge.to]?.push(edge)
    outOf[edge.from]?.push(edge)
  }
  const waitingFor = into.map(({ length }) => length)
  const order = waitingFor.flatMap((number, node) => (number === 0 ? [node] : []))
  for (const node of order) {
    for (const { to } of outOf[node] ?? []) if (--(waitingFor[to] as number) === 0) order.push(to)
  }
  return order.length === count ? { order } : { cycle: cycleIn(into, waitingFor) }
}

/** Goes back from one that still waits to one that it waits for, until it has been there. */
function cycleIn(into: readonly Edge[][], waitingFor: readonly number[]): Edge[] {
  const path: Edge[] = []
  const placeOf = new Map<number, number>()
  let node = waitingFor.findIndex(number => number > 0)
  while (!placeOf.has(node)) {
    placeOf.set(node, path.length)
    const edge = into[node]?.find(({ from }) => (waitingFor[from] as number) > 0) as Edge
    path.push(edge)
    node = edge.from
  }
  return path.slice(placeOf.get(node)).reverse()
}
