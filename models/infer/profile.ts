/** What is known of the values in one place of the objects, gathered value by value. It grows with the places and their limits, not with the objects. */
import type { FormatName } from './formats.js'

export type Kind =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'bigint'
  | 'date'
  | 'string'
  | 'bytes'
  | 'array'
  | 'object'

/** A property of the objects in a place. */
export interface Named {
  readonly profile: Profile
  /** How many objects had been seen in the place when it came first. */
  readonly since: number
}

export interface Profile {
  /** How many values there were, and of which kinds. */
  count: number
  readonly kinds: Map<Kind, number>
  /** How often each string was there, as long as they are few and short. */
  strings: Map<string, number> | undefined
  /** The formats that all strings have. */
  formats: ReadonlySet<FormatName> | undefined
  /** The properties of objects. */
  readonly properties: Map<string, Named>
  /** The values of all other properties as one, where there were too many different names. */
  values: Profile | undefined
  items: Profile | undefined
  /** Not all that is nested here was looked at. */
  opaque: boolean
  /** Objects have a property that no schema can name. */
  odd: boolean
  /** The keys of simple values, to see whether they are different; only where that is asked for. */
  readonly distinct: Distinct | undefined
}

export interface Distinct {
  readonly keys: Set<unknown>
  repeated: boolean
  /** There are values that cannot be compared, or too many. */
  full: boolean
}

export const limits = {
  /** Different strings that are counted, and their characters. */
  strings: 24,
  length: 64,
  /** Different names of the objects in a place. */
  names: 200,
  /** Levels of nesting. */
  depth: 8,
  /** Places in all. */
  places: 10_000,
  /** Different values that are kept to see whether there are two of one, of all properties together. */
  keys: 500_000,
} as const

/** What one run may use. */
export interface Budget {
  places: number
  keys: number
}

export function profile(budget: Budget, comparing = false): Profile {
  budget.places--
  return {
    count: 0,
    kinds: new Map(),
    strings: new Map(),
    formats: undefined,
    properties: new Map(),
    values: undefined,
    items: undefined,
    opaque: false,
    odd: false,
    distinct: comparing ? { keys: new Set(), repeated: false, full: false } : undefined,
  }
}

export function countOf({ kinds }: Profile, kind: Kind): number {
  return kinds.get(kind) ?? 0
}
