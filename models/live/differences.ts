/** What has to be done to an object so that it becomes another. */
import { copy, equal } from '../../lib/value.js'
import type { Path } from './change.js'

interface Difference {
  readonly path: Path
  readonly previous: unknown
  /** `undefined` where nothing is to be. */
  readonly next: unknown
}

/** By property, also of objects in it; arrays change as a whole. */
export function differences(before: object, after: object, path: Path = []): Difference[] {
  const found: Difference[] = []
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const previous = own(before, name)
    const next = own(after, name)
    if (equal(previous, next)) continue
    if (isPlain(previous) && isPlain(next)) found.push(...differences(previous, next, [...path, name]))
    else found.push({ path: [...path, name], previous, next })
  }
  return found
}

/** Makes a change in plain data. */
export function patch(data: object, path: Path, next: unknown): void {
  const place = path.slice(0, -1).reduce<object>((each, name) => each[name as never] ?? {}, data)
  const name = path.at(-1) as string | number
  if (next !== undefined) Object.defineProperty(place, name, { value: copy(next), ...open })
  else if (Array.isArray(place)) place.length = Number(name)
  else delete place[name as never]
}

const open = { writable: true, enumerable: true, configurable: true }

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name as never] : undefined
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return !(Array.isArray(value) || value instanceof Date || value instanceof Uint8Array)
}
