/** What can be done with a live object by itself: functions, and methods for names that its class has no use for. */
import { look, revertTo, turn } from './acts.js'
import type { LiveChange } from './change.js'
import { toChange } from './change.js'
import { madeOf, nodeOf, plainOf } from './node.js'
import { type Root, rootOf } from './root.js'

/** What live objects can do besides what their class says; a property of the same name comes first. */
export interface LiveMethods {
  /** Undoes the last `n` changes, or transactions, of the object: 1 by default. Gives how many there were. */
  undo(n?: number): number
  /** Does again what was undone last, unless something new was done since. Gives how many there were. */
  redo(n?: number): number
  /** What happened to the object, the oldest change first. */
  changes(): LiveChange[]
  /** Is there anything that is not saved? */
  dirty(): boolean
  /** Makes the object what is stored, and forgets what has happened since. */
  revert(): void
  /** Saves the object now. */
  commit(): Promise<void>
}

/** Is it a live object, or an object or array in one? */
export function isLive(value: unknown): value is object {
  return nodeOf(value) !== undefined
}

/** A plain copy of a live object, with its class, that nobody follows; of anything else, that itself. */
export function raw<T>(value: T): T {
  const node = nodeOf(value)
  if (!node) return value
  const data = plainOf(node)
  if (node.parent || !node.owner) return data as T
  return madeOf(Object.getPrototypeOf(Object.getPrototypeOf(value)), data) as T
}

/** What happened to a live object, the oldest change first. */
export function changes(object: object): LiveChange[] {
  const root = looked(object)
  return root.past.steps.map(toChange)
}

/** Is there anything about a live object that is not saved? */
export function dirty(object: object): boolean {
  const root = looked(object)
  return root.isDirty
}

/**
 * Undoes the last `n` changes of a live object, or as many transactions: its part of these. Before its first change it goes
 * away, as it came. Gives how many there were.
 */
export function undo(object: object, n = 1): number {
  return turn(looked(object), 'undo', n)
}

/** Does again what was undone last, unless something new was done since. Gives how many there were. */
export function redo(object: object, n = 1): number {
  return turn(looked(object), 'redo', n)
}

/** Makes a live object what is stored, and forgets what has happened since. */
export function revert(object: object): void {
  revertTo(rootOf(object))
}

function looked(object: object): Root {
  const root = rootOf(object)
  look(root)
  return root
}

export const liveMethods: LiveMethods & ThisType<object> = {
  undo(n) {
    return undo(this, n)
  },
  redo(n) {
    return redo(this, n)
  },
  changes() {
    return changes(this)
  },
  dirty() {
    return dirty(this)
  },
  revert() {
    revert(this)
  },
  commit() {
    const root = rootOf(this)
    return root.setting.commit(root)
  },
}
