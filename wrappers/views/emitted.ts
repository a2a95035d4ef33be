/** The rows that maps emit. What goes wrong in a map is kept with its object, and never reaches who writes. */
import { StoreError } from '../../lib/errors.js'
import { toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'
import { checkedCopy, copy, describe, limits } from '../../lib/value.js'
import { isPromise } from '../../lib/when.js'
import { freeze } from './freeze.js'
import type { Row } from './rows.js'
import type { ViewDefinition } from './types.js'

/** How many rows one object may have in one view. */
const maxRows = 10_000

/** What a view holds of one object: its rows, or why there are none. */
export type Emitted = readonly Row[] | Failure

export interface Failure {
  readonly id: Id
  readonly error: unknown
}

export function isFailure(emitted: Emitted | undefined): emitted is Failure {
  return emitted !== undefined && !Array.isArray(emitted)
}

export interface Mapping {
  /** What each view is to hold of an object, which is frozen; or only the one at a position. */
  map(object: object, only?: number): readonly (Emitted | undefined)[]
  /** Refuses to be called by a map, which then has failed. */
  guard(method: string): void
}

export function mapping(definitions: readonly ViewDefinition[], idProperty: string): Mapping {
  /** Why the map that runs has failed, even if it hides that. */
  let failed: { readonly error: unknown } | undefined
  let running = false

  function fail(error: unknown): never {
    failed ??= { error }
    throw error
  }

  function run(definition: ViewDefinition, object: object, id: Id): Emitted {
    const rows: Row[] = []
    const place = toKey(id)
    let ended = false
    const emit = (key?: unknown, value?: unknown) => {
      if (ended) throw new StoreError('InvalidStateError', 'map has ended, nothing can be emitted any more')
      if (rows.length === maxRows) fail(new StoreError('QuotaExceededError', `map emitted more than ${maxRows} rows`))
      try {
        rows.push({ key: checkedValue(key, 'key'), value: checkedValue(value, 'value'), id, place, at: rows.length })
      } catch (error) {
        fail(error)
      }
    }
    running = true
    failed = undefined
    try {
      const result: unknown = definition.map(object as never, emit)
      if (isPromise(result)) {
        Promise.resolve(result).catch(() => {})
        fail(new StoreError('NotSupportedError', 'a map is synchronous, and this one gave a promise'))
      }
    } catch (error) {
      failed ??= { error }
    } finally {
      running = false
      ended = true
    }
    return failed ? { id, ...(failed as { readonly error: unknown }) } : rows
  }

  return {
    map(object, only) {
      const id = object[idProperty as never] as Id
      const safe = freeze(object)
      return definitions.map((definition, position) => {
        if (only !== undefined && position !== only) return undefined
        // what cannot be frozen, none may change for those after it
        const own = safe || position === definitions.length - 1 ? object : copy(object)
        if (own !== object) freeze(own)
        return run(definition, own, id)
      })
    },
    guard(method) {
      if (running) fail(new StoreError('NotAllowedError', `a map must not call ${method}`, { method }))
    },
  }
}

const short = 2 ** 16

/** A value of the domain as it is, or a copy of it; `null` for none. */
export function checkedValue(value: unknown, what: string): unknown {
  switch (typeof value) {
    case 'string':
      if (value.length < short && value.isWellFormed()) return value
      break
    case 'number':
      if (Number.isFinite(value)) return value || 0
      break
    case 'undefined':
      return null
  }
  if (value === null) return null
  // what is missing is null, in a list of keys too
  const present = Array.isArray(value) ? Array.from(value, each => each ?? null) : value
  return checkedCopy({ [what]: present })[what]
}

/** What an error says, whatever was thrown. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.message}`.slice(0, limits.name) : `it threw ${describe(error)}`
  } catch {
    return 'it threw what cannot be shown'
  }
}
