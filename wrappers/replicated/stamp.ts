/**
 * Stamps of versions: hybrid logical clocks (Kulkarni et al., OPODIS 2014), one for each object. A stamp is later than every
 * stamp that its node had seen of the object, whatever the clocks say; as text they are in order, ties by the node.
 */

const pattern = /^[0-9a-z]{9}-[0-9a-z]{4}-[\w.]{1,64}$/
/** What stands before the node. */
const prefix = 15
const counters = 36 ** 4

export function isStamp(stamp: unknown): stamp is string {
  return typeof stamp === 'string' && pattern.test(stamp)
}

/** Can it be the name of a node? */
export function isNode(node: string): boolean {
  return isStamp(stampOf(0, 0, node))
}

/** A stamp of this node that is later than all that it has seen. */
export function nextStamp(seen: readonly string[], now: number, node: string): string {
  let time = Math.max(0, Math.floor(now))
  let counter = 0
  for (const stamp of seen) {
    const [otherTime, otherCounter] = partsOf(stamp)
    if (otherTime < time || (otherTime === time && otherCounter < counter)) continue
    time = otherTime
    counter = otherCounter + 1
  }
  return counter < counters ? stampOf(time, counter, node) : stampOf(time + 1, 0, node)
}

/** The latest of each node. */
export function latest(stamps: readonly string[]): string[] {
  const byNode = new Map<string, string>()
  for (const stamp of stamps) if (stamp > (byNode.get(nodeOf(stamp)) ?? '')) byNode.set(nodeOf(stamp), stamp)
  return [...byNode.values()].sort()
}

/** Is it among those that are seen, given the latest of each node? */
export function isSeen(stamp: string, seen: readonly string[]): boolean {
  return seen.some(each => each >= stamp && nodeOf(each) === nodeOf(stamp))
}

function stampOf(time: number, counter: number, node: string): string {
  return `${time.toString(36).padStart(9, '0')}-${counter.toString(36).padStart(4, '0')}-${node}`
}

function partsOf(stamp: string): [time: number, counter: number] {
  return [Number.parseInt(stamp.slice(0, 9), 36), Number.parseInt(stamp.slice(10, 14), 36)]
}

function nodeOf(stamp: string): string {
  return stamp.slice(prefix)
}
