import type { Random } from '../oracle/random.js'
import { allFates, countFates, type Fate, lostBy, someFates } from './fates.js'
import { type Image, imageOf } from './image.js'
import { changed, type DataChange, type Inode, type NameChange, rename } from './inode.js'

/** What a disk has been asked to do, and what of it would outlast a power cut. */
export interface Unsynced {
  /** The names that last. */
  readonly lasting: ReadonlyMap<string, Inode>
  /** The changes of names since, in their order. */
  readonly changes: readonly NameChange[]
}

export interface CrashOptions {
  /**
   * Of the changes of names that were not synced, what can outlast the cut: with `'ordered'` the first so many, as ext4 and
   * XFS have it; with `'weak'` any, which is all that POSIX promises.
   */
  readonly names: 'ordered' | 'weak'
  /** The most states to give. */
  readonly max: number
  readonly random: Random
}

/**
 * The disks that a power cut may leave, each once. Each write that was not synced is absent, whole, cut off at a byte, or
 * has NULs in the place of some bytes; a file gets no more than two holes, as a disk leaves out sectors, not bytes. Where all
 * of that is more than `max`, each write has a few of its fates, drawn at random; where the combinations of
 * these are more, some of them.
 */
export function crashStates(unsynced: Unsynced, { names: model, max, random }: CrashOptions): Image[] {
  const found = new Map<string, Image>()
  const add = (names: Names, fateOf: FateOf) => {
    if ([...names.values()].some(inode => holesIn(inode, fateOf) > maxHoles)) return
    const image = imageOf(names, inode => fold(inode, fateOf))
    found.set(image.key, image)
  }
  const some = (change: DataChange) => someFates(change, random)
  const all = allNames(unsynced, model, max)
  if (all && count(all, countFates, max) <= max) each(all, change => [...allFates(change)], add)
  else if (all && count(all, change => some(change).length, max) <= max) each(all, some, add)
  else for (let times = 0; times < max; times++) add(drawNames(unsynced, model, random), drawFates(random))
  return [...found.values()]
}

const maxHoles = 2

type Names = ReadonlyMap<string, Inode>
type FateOf = (change: DataChange, inode: Inode) => Fate

/** How many holes a file has; too many, if one of them is a single byte. */
function holesIn(inode: Inode, fateOf: FateOf): number {
  let holes = 0
  let lost = 0
  for (const change of inode.changes) {
    const fate = fateOf(change, inode)
    if (fate && lost > 0) {
      holes += lost === 1 ? maxHoles + 1 : 1
      lost = 0
    }
    lost += lostBy(change, fate)
    if (fate && fate !== change && lost === 0) holes++
  }
  return holes
}

/** The changes of a file until a random one, of which up to two meet a fate. */
function drawFates(random: Random): FateOf {
  const fates = new Map<Inode, Map<DataChange, Fate>>()
  return (change, inode) => {
    let known = fates.get(inode)
    if (!known) {
      const kept = inode.changes.slice(0, random.below(inode.changes.length + 1))
      known = new Map(kept.map(each => [each, each]))
      for (let times = random.below(3); times > 0 && kept.length > 0; times--) {
        const met = random.pick(kept)
        known.set(met, random.pick(someFates(met, random)))
      }
      fates.set(inode, known)
    }
    return known.get(change)
  }
}

/** The bytes of a file after its changes have met their fates. */
function fold(inode: Inode, fateOf: FateOf): Buffer {
  let bytes = inode.lasting
  for (const change of inode.changes) {
    const fate = fateOf(change, inode)
    if (fate) bytes = changed(bytes, fate)
  }
  return bytes
}

function namesAfter({ lasting }: Unsynced, changes: readonly NameChange[]): Names {
  const names = new Map(lasting)
  for (const change of changes) rename(names, change)
  return names
}

function drawNames(unsynced: Unsynced, model: CrashOptions['names'], random: Random): Names {
  const { changes } = unsynced
  const end = random.below(changes.length + 1)
  return namesAfter(unsynced, model === 'ordered' ? changes.slice(0, end) : changes.filter(() => random.chance(0.5)))
}

/** All names that there may be; `undefined` if they are too many. */
function allNames(unsynced: Unsynced, model: CrashOptions['names'], max: number): Names[] | undefined {
  const { changes } = unsynced
  const number = model === 'ordered' ? changes.length + 1 : 2 ** changes.length
  if (number > max) return undefined
  return Array.from({ length: number }, (_, choice) =>
    namesAfter(
      unsynced,
      changes.filter((_, at) => (model === 'ordered' ? at < choice : choice & (1 << at))),
    ),
  )
}

/** The changes of the files that have a name. */
function changesOf(names: Names): DataChange[] {
  return [...new Set(names.values())].flatMap(({ changes }) => changes)
}

/** How many combinations there are; where there are more than `max`, any number above it. */
function count(all: readonly Names[], fates: (change: DataChange) => number, max: number): number {
  let sum = 0
  for (const names of all) {
    sum += changesOf(names).reduce((product, change) => product * fates(change), 1)
    if (sum > max) break
  }
  return sum
}

/** Calls `add` with every combination of the fates of all changes. */
function each(
  all: readonly Names[],
  fatesOf: (change: DataChange) => readonly Fate[],
  add: (names: Names, fateOf: FateOf) => void,
): void {
  for (const names of all) {
    const changes = changesOf(names)
    const fates = new Map<DataChange, Fate>()
    const combine = (at: number): void => {
      const change = changes[at]
      if (!change) add(names, each => fates.get(each))
      for (const fate of change ? fatesOf(change) : []) {
        fates.set(change as DataChange, fate)
        combine(at + 1)
      }
    }
    combine(0)
  }
}
