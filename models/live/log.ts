/** The records in a log: each under its sequence, with the number that all those of one object have in common. */
import { gathered } from '../../lib/derived/one-state.js'
import { toKey } from '../../lib/id.js'
import { node } from '../../lib/query/expression.js'
import type { Id, Store } from '../../lib/store.js'
import { type LiveChange, type Step, toChange, toStep } from './change.js'
import { lastKey } from './past.js'

/** A record as it lies in the log. */
interface Entry extends Omit<LiveChange, 'sequence'> {
  readonly id: number
  readonly of: number
}

/** Under this id the log says what it is about. */
export const about = 0

export interface About {
  readonly id: typeof about
  /** The property of the stored objects that holds the key. */
  readonly idProperty: string
}

export interface Lineage {
  /** The sequence of its first record. */
  readonly origin: number
  readonly steps: readonly Step[]
}

export const logIndexes = ['of', 'key', 'renamed'] as const

export function toEntry(step: Step, origin: number): object {
  const { sequence, ...change } = toChange(step)
  return { id: sequence, of: origin, ...change }
}

export function fromEntry({ id, of: _, ...change }: Entry): LiveChange {
  return { sequence: id, ...change }
}

/** What happened to each object, and the key that it has now: the one that has changed last, last. */
export async function readAll(log: Store): Promise<{ lineages: Lineage[]; last: number }> {
  const steps = new Map<number, Step[]>()
  let last = 0
  for await (const entry of (log as Store<Entry>).query?.(node('gt', ['id', about])) ?? []) {
    last = Math.max(last, entry.id)
    const known = steps.get(entry.of)
    if (known) known.push(toStep(fromEntry(entry)))
    else steps.set(entry.of, [toStep(fromEntry(entry))])
  }
  const lineages = Array.from(steps, ([origin, own]) => ({ origin, steps: own }))
  const latest = ({ steps }: Lineage) => (steps.at(-1) as Step).sequence
  return { lineages: lineages.sort((one, other) => latest(one) - latest(other)), last }
}

/** What happened to the object that had this key last. */
export async function readOne(log: Store, key: Id): Promise<Lineage | undefined> {
  const named = node('or', [node('eq', ['key', key]), node('eq', ['renamed', key])])
  const last = node('and', [node('gt', ['id', about]), named, node('sort', ['-id']), node('limit', [1])])
  const [entry] = await gathered((log as Required<Store<Entry>>).query(last))
  if (!entry) return undefined
  const own = await gathered((log as Required<Store<Entry>>).query(node('eq', ['of', entry.of])))
  const steps = [...own].map(each => toStep(fromEntry(each)))
  return toKey(lastKey(steps) as Id) === toKey(key) ? { origin: entry.of, steps } : undefined
}

export async function lastSequence(log: Store): Promise<number> {
  const [entry] = await gathered(
    (log as Required<Store<Entry>>).query(node('and', [node('sort', ['-id']), node('limit', [1])])),
  )
  return entry?.id ?? 0
}
