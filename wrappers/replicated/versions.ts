/**
 * What a node knows of one object: the versions that nothing has replaced, and which it has seen. Merging is commutative,
 * associative and idempotent, so nodes that have heard the same agree, in whatever order and however often they heard it
 * (Bieniusa et al., An optimized conflict-free replicated set, 2012; dotted version vectors, Preguiça et al. 2012).
 */
import { StoreError } from '../../lib/errors.js'
import { checkId } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { isSeen, isStamp, latest, nextStamp } from './stamp.js'

export interface Version {
  readonly stamp: string
  /** The object in extended JSON. A version without is a delete, and stays, so that nothing older comes back. */
  readonly text?: string
}

export interface Versions {
  /** The latest first: it is the winner. The others are in conflict with it: whoever wrote one had not seen the other. */
  readonly heads: readonly Version[]
  /** The latest stamp that was seen of each node. A version that is seen and no head was replaced. */
  readonly seen: readonly string[]
}

export const noVersions: Versions = { heads: [], seen: [] }

/** After a write on this node, which replaces what was shown to the writer. */
export function written(
  { heads, seen }: Versions,
  { text, now, node, replaces }: { text: string | undefined; now: number; node: string; replaces: readonly Version[] },
): Versions {
  const stamp = nextStamp(seen, now, node)
  const version: Version = text === undefined ? { stamp } : { stamp, text }
  return { heads: [version, ...heads.filter(head => !replaces.includes(head))], seen: latest([...seen, stamp]) }
}

/** What both know. Gives `ours` itself if it learns nothing. */
export function merge(ours: Versions, theirs: Versions): Versions {
  const isTheirs = (head: Version) => theirs.heads.some(({ stamp }) => stamp === head.stamp)
  const kept = ours.heads.filter(head => isTheirs(head) || !isSeen(head.stamp, theirs.seen))
  const fresh = theirs.heads.filter(({ stamp }) => !isSeen(stamp, ours.seen))
  const nothingNew = fresh.length === 0 && kept.length === ours.heads.length
  if (nothingNew && theirs.seen.every(stamp => isSeen(stamp, ours.seen))) return ours
  return { heads: distinct([...kept, ...fresh]), seen: latest([...ours.seen, ...theirs.seen]) }
}

/** The latest first; of those that are equal only the latest. */
function distinct(heads: readonly Version[]): Version[] {
  const sorted = [...heads].sort((a, b) => (a.stamp < b.stamp ? 1 : -1))
  return sorted.filter(({ text }, position) => sorted.findIndex(other => other.text === text) === position)
}

/** The versions of an object of another node, checked, since they come from outside. */
export function admit(given: { readonly key?: unknown } & Partial<Versions>): Versions & { readonly key: Id } {
  const { key, heads, seen } = given
  if (!Array.isArray(heads) || !Array.isArray(seen) || !seen.every(isStamp) || !heads.every(isVersion)) {
    throw new StoreError('DataError', 'what was given are not the versions of an object')
  }
  const stamps = heads.map(({ stamp }) => stamp)
  const own = heads.map(({ stamp, text }) => (text === undefined ? { stamp } : { stamp, text }))
  return { key: checkId(key as Id), heads: distinct(own), seen: latest([...seen, ...stamps]) }
}

function isVersion(version: Partial<Version> | null): boolean {
  return isStamp(version?.stamp) && (version?.text === undefined || typeof version.text === 'string')
}
