import type { Issue } from '../../../lib/errors.js'
import type { PlainObjectSchema, PlainSchema } from '../plain.js'
import { found, wanted } from '../words.js'

/** The way from the object to a value, the last step first. */
export type Path = { readonly up: Path; readonly step: string | number } | undefined

/** Takes an issue down. Where nobody does, the first is enough. */
export type Tell = (path: Path, issue: Omit<Issue, 'path'>) => void

/** What of a value has been looked at by the keywords so far. */
export interface Seen {
  readonly names: Set<string>
  readonly positions: Set<number>
  /** All positions from this one on. */
  start: number
}

/** Is a value valid? */
export type Check = (value: unknown, path: Path, tell: Tell | undefined, seen: Seen | undefined) => boolean

/** What is the same for all schemas of a definition. */
export interface Whole {
  readonly hidden: ReadonlySet<string>
  check(schema: PlainSchema): Check
  /** The schema that a reference leads to. */
  resolve(reference: string): PlainSchema
}

/** Makes the check of a keyword. */
export type Keyword = (content: never, schema: PlainObjectSchema, whole: Whole) => Check

/** A keyword that says something of a value by itself: what is wanted instead is what the whole schema says. */
export function simple(
  keyword: string,
  schema: PlainObjectSchema,
  test: (value: unknown) => boolean,
  hint = nothing,
): Check {
  return (value, path, tell) => {
    if (test(value)) return true
    if (tell) {
      const expected = wanted(schema)
      const was = found(value)
      tell(path, { keyword, message: `must be ${expected}, not ${was}${hint(value)}`, expected, found: was })
    }
    return false
  }
}

const nothing = (_: unknown) => ''

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  )
}

export function nothingSeen(): Seen {
  return { names: new Set(), positions: new Set(), start: Infinity }
}

export function addSeen(seen: Seen | undefined, more: Seen | undefined): void {
  if (!seen || !more) return
  for (const name of more.names) seen.names.add(name)
  for (const position of more.positions) seen.positions.add(position)
  seen.start = Math.min(seen.start, more.start)
}
