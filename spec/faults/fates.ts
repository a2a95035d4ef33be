import type { Random } from '../oracle/random.js'
import type { DataChange } from './inode.js'

/** What becomes of a change that was not synced when the power is cut; `undefined` if nothing. */
export type Fate = DataChange | undefined

/** How many fates there are. */
export function countFates(change: DataChange): number {
  return 'length' in change ? 2 : 2 + 3 * change.bytes.length
}

/** All fates of a change: absent, whole, a write cut off at each byte, with NULs up to each byte and from each byte on. */
export function* allFates(change: DataChange): Iterable<Fate> {
  yield undefined
  yield change
  if ('length' in change) return
  const { length } = change.bytes
  for (let at = 0; at < length; at++) {
    yield cut(change, at)
    yield holed(change, 0, at + 1)
    yield holed(change, at, length)
  }
}

/** A few of the fates of a change: the same ones whenever it is asked for. */
export function someFates(change: DataChange, random: Random): readonly Fate[] {
  if (change.drawn) return change.drawn
  const fates: Fate[] = [undefined, change]
  if ('bytes' in change) {
    const end = change.bytes.length + 1
    const [from, to] = [random.below(end), random.below(end)]
    fates.push(cut(change, random.below(end)), holed(change, Math.min(from, to), Math.max(from, to)))
    fates.push(random.chance(0.5) ? holed(change, 0, from) : holed(change, random.chance(0.5) ? 0 : to, end - 1))
  }
  change.drawn = fates
  return fates
}

type Writing = Extract<DataChange, { bytes: Buffer }>

function cut(change: Writing, end: number): DataChange {
  return { ...change, bytes: change.bytes.subarray(0, end) }
}

/** With NULs between two positions; two at least, as a disk that leaves out sectors does not leave out a single byte. */
function holed(change: Writing, from: number, to: number): DataChange {
  const { length } = change.bytes
  if (length < 2) return cut(change, 0)
  const start = Math.min(from, Math.max(0, to - 2))
  return { ...change, bytes: Buffer.from(change.bytes).fill(0, start, Math.max(to, 2)) }
}

/** How many bytes of a change its fate leaves out at the end. */
export function lostBy(change: DataChange, fate: Fate): number {
  if ('length' in change) return fate ? 0 : 2
  return change.bytes.length - (fate && 'bytes' in fate ? fate.bytes.length : 0)
}
