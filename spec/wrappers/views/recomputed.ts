/** What a view must give, worked out in the plainest way from all objects. */
import type { Id } from '../../../lib/store.js'

export interface Thing {
  readonly id: Id
  readonly a?: unknown
  readonly b?: unknown
}

export interface Asked {
  readonly low?: unknown
  readonly high?: unknown
  readonly descending: boolean
}

export type Emitting = (thing: Thing) => readonly (readonly [key: unknown, value: unknown])[]

const ranks = ['null', 'boolean', 'number', 'Date', 'string', 'Uint8Array', 'Array', 'Object']

function rank(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value !== 'object') return ranks.indexOf(typeof value === 'bigint' ? 'number' : typeof value)
  return ranks.indexOf(value.constructor.name)
}

/** By a way of its own: the values that occur here have no nested objects, and no strings beyond the letters. */
export function inOrder(a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.min(a.length, b.length); at++) {
      const sign = inOrder(a[at], b[at])
      if (sign !== 0) return sign
    }
    return a.length - b.length
  }
  if (rank(a) === 0) return 0
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

export function recomputed(things: Iterable<Thing>, emit: Emitting, { low, high, descending }: Asked) {
  const rows = Array.from(things).flatMap(thing =>
    emit(thing).map(([key, value], at) => ({ row: { key: key ?? null, value: value ?? null, id: thing.id }, at })),
  )
  rows.sort((a, b) => inOrder(a.row.key, b.row.key) || inOrder(keyOf(a.row.id), keyOf(b.row.id)) || a.at - b.at)
  const found = rows
    .map(({ row }) => row)
    .filter(
      ({ key }) => (low === undefined || inOrder(key, low) >= 0) && (high === undefined || inOrder(key, high) <= 0),
    )
  return descending ? found.reverse() : found
}

/** `7` and `'7'` are one id. */
export const keyOf = (id: Id): Id => (/^\d+$/.test(`${id}`) ? Number(id) : id)
