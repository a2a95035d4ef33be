/** The changes of one object: those that are kept, what of them can be undone, and what can be done again. */
import { copy } from '../../lib/value.js'
import { keyAfter, type Step } from './change.js'
import { patch } from './differences.js'

export interface Past {
  /** All that are kept, the oldest first. */
  readonly steps: readonly Step[]
  /** Those that are not in the log yet. */
  readonly unlogged: readonly Step[]
  /** The sequences of those in the log that are no longer kept. */
  readonly dropped: readonly number[]
  add(step: Step): void
  /** What is to be undone, or done again, next: a change, or those that were made together, the last one first. */
  next(direction: Direction): readonly Step[]
  /** The sequence of the change that is undone next, or of what has undone the one that is done again next; 0 if there is none. */
  turn(direction: Direction): number
  /** The sequence of the last change that is neither an undo nor a redo; 0 if there is none. */
  readonly newest: number
  /** They are in the log, and what was dropped is not. */
  logged(steps: readonly Step[], dropped: readonly number[]): void
  /** Forgets the last ones that are not in the log, which have never been. */
  forget(count: number): void
}

export type Direction = 'undo' | 'redo'

/** So that undoing and redoing alone does not pile up either. */
const spare = 4

/** So many changes can be undone, and with the oldest those made with it; steps that are older go, many at once. */
export function past(given: readonly Step[], limit: number): Past {
  let steps = given.slice()
  /** The sequence of the last that is in the log. */
  let last = given.at(-1)?.sequence ?? 0
  let dropped: number[] = []
  let done: Step[] = []
  let undone: Step[] = []
  /** The sequence from which on they count. */
  let oldest = 0
  let newest = 0
  /** Those of a transaction that came last: which it is, and how many there are; and the most that any has. */
  let transaction: number | undefined
  let size = 0
  let most = 1
  for (const step of given) sort(step)
  trim()

  /** What a step says about what can be undone. */
  function sort(step: Step): void {
    const { mark } = step
    if (step.transaction !== undefined) measure(step.transaction)
    if (mark?.undoes !== undefined) move(done, undone, mark.undoes)
    else if (mark?.redoes !== undefined) move(undone, done, mark.redoes)
    else {
      done.push(step)
      newest = step.sequence
      if (undone.length > 0) undone = []
      if (done.length > limit) oldest = begin(done.at(-limit) as Step)
    }
  }

  /** The first one may have come before it was known that others would follow. */
  function measure(of: number): void {
    size = of === transaction ? size + 1 : 2
    transaction = of
    most = Math.max(most, size)
  }

  function move(from: Step[], to: Step[], sequence: number): void {
    if (from.at(-1)?.sequence === sequence) to.push(from.pop() as Step)
  }

  /** Drops many at once, so that it costs little each time. */
  function trim(): void {
    const kept = Math.max(limit, most)
    if (done.length <= 2 * kept && steps.length <= 2 * spare * kept) return
    if (steps.length > 2 * spare * kept) oldest = Math.max(oldest, begin(steps.at(-spare * kept) as Step))
    const first = position(steps, oldest)
    for (let at = 0; at < first && (steps[at] as Step).sequence <= last; at++) {
      dropped.push((steps[at] as Step).sequence)
    }
    steps = steps.slice(first)
    done = done.slice(position(done, oldest))
    undone = undone.filter(({ sequence }) => sequence >= oldest)
  }

  return {
    get steps() {
      return oldest > 0 ? steps.slice(position(steps, oldest)) : steps
    },
    get unlogged() {
      return steps.slice(position(steps, last + 1))
    },
    get dropped() {
      return dropped
    },
    add(step) {
      steps.push(step)
      sort(step)
      trim()
    },
    next(direction) {
      const stack = direction === 'undo' ? done : undone
      const last = stack.at(-1)
      if (!last || begin(last) < oldest) return []
      if (last.transaction === undefined) return [last]
      const found: Step[] = []
      for (let at = stack.length - 1; stack[at]?.transaction === last.transaction; at--) found.push(stack[at] as Step)
      return found
    },
    turn(direction) {
      const last = (direction === 'undo' ? done : undone).at(-1)
      if (!last || begin(last) < oldest) return 0
      if (direction === 'undo') return last.sequence
      return steps.findLast(({ mark }) => mark?.undoes === last.sequence)?.sequence ?? 0
    },
    get newest() {
      return newest
    },
    logged(given, gone) {
      last = given.at(-1)?.sequence ?? last
      // what was let go meanwhile has to leave the log again
      const first = steps[0]?.sequence ?? 0
      for (const { sequence } of given) if (sequence < first) dropped.push(sequence)
      const past = new Set(gone)
      dropped = dropped.filter(each => !past.has(each))
    },
    forget(count) {
      const kept = count > 0 ? steps.slice(0, -count) : steps
      steps = []
      done = []
      undone = []
      newest = 0
      for (const step of kept) {
        steps.push(step)
        sort(step)
      }
    },
  }
}

/** The sequence of the first of what was made together: that stays, or goes, as a whole. */
function begin({ transaction, sequence }: Step): number {
  return transaction ?? sequence
}

/** Where the first step is that is not before this one. */
function position(steps: readonly Step[], sequence: number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((steps[middle] as Step).sequence < sequence) low = middle + 1
    else high = middle
  }
  return low
}

/** What the steps made of nothing, and under which key: only if they begin with the coming of the object. */
export function replayed(steps: readonly Step[]): { data: object | undefined } | undefined {
  if (steps[0]?.kind !== 'add') return undefined
  let data: object | undefined
  for (const { kind, path, next } of steps) {
    if (kind === 'update') patch(data ?? {}, path, next)
    else data = kind === 'add' ? (copy(next) as object) : undefined
  }
  return { data }
}

/** The key that the object has after its steps. */
export function lastKey(steps: readonly Step[]) {
  const last = steps.at(-1)
  return last && keyAfter(last)
}
