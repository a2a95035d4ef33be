/** The rows of all views, in order, and which of them are those of an object. */
import { compareKeys } from '../../lib/id.js'
import { compare } from '../../lib/order.js'
import { type Sorted, sorted } from '../../lib/sorted.js'
import type { Id } from '../../lib/store.js'
import { type Emitted, type Failure, isFailure } from './emitted.js'

export interface Row {
  readonly key: unknown
  readonly value: unknown
  /** The id as the object carries it. */
  readonly id: Id
  /** The key of the id. */
  readonly place: Id
  /** How many the object has emitted before. */
  readonly at: number
}

/** What the views hold of one object, by their positions. */
export type Held = readonly (Emitted | undefined)[]

/** One view. */
export interface Rows {
  readonly sorted: Sorted<Row>
  /** By object, where map has failed. */
  readonly failures: ReadonlyMap<Id, Failure>
}

export interface RowIndex {
  /** By the positions of the views. */
  readonly views: readonly Rows[]
  readonly held: ReadonlyMap<Id, Held>
  /** From now on this is held of the object. A view for which it says nothing stays as it is. */
  apply(key: Id, held: Held | undefined): void
}

export function rowIndex(views: number): RowIndex {
  const held = new Map<Id, Held>()
  const indexes = Array.from({ length: views }, () => ({ sorted: sorted(order), failures: new Map<Id, Failure>() }))

  return {
    views: indexes,
    held,
    apply(key, next) {
      const previous = held.get(key)
      const emitted = indexes.map(({ sorted, failures }, position) => {
        const before = previous?.[position]
        const now = next ? (next[position] ?? before) : undefined
        if (now === before) return now
        if (isFailure(before)) failures.delete(key)
        if (isFailure(now)) failures.set(key, now)
        const [old, rows] = [rowsOf(before), rowsOf(now)]
        if (samePlaces(old, rows)) {
          // they stay where they are, with what they say now
          old.forEach((row, at) => {
            Object.assign(row, rows[at])
          })
          return isFailure(now) ? now : before && !isFailure(before) ? before : now
        }
        for (const row of old) sorted.delete(row)
        for (const row of rows) sorted.add(row)
        return now
      })
      if (next) held.set(key, emitted)
      else held.delete(key)
    },
  }
}

/** By the keys, then by the ids, then as they were emitted. */
export function order(a: Row, b: Row): number {
  return compare(a.key, b.key) || compareKeys(a.place, b.place) || a.at - b.at
}

export function rowsOf(emitted: Emitted | undefined): readonly Row[] {
  return emitted === undefined || isFailure(emitted) ? none : emitted
}

const none: readonly Row[] = []

function samePlaces(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, at) => compare(row.key, (b[at] as Row).key) === 0)
}
