/** Which methods rules open, and what they put in their place. */
import type { Rules } from './rules.js'

// biome-ignore lint/complexity/noBannedTypes: of any signature
type Functions = ReadonlyMap<string, Function>

export interface Opening {
  open(method: string): boolean
  /** The functions of the rules, by their names. */
  readonly functions: Functions
  /** What is said of names, whether they are open. */
  readonly said: ReadonlyMap<string, boolean>
}

/** The methods that a facet can open of the store's, in the order in which they are told. */
export const storeMethods = [
  'get',
  'put',
  'add',
  'delete',
  'query',
  'count',
  'subscribe',
  'update',
  'patch',
  'getAll',
  'putAll',
  'deleteAll',
  'transaction',
] as const

/** What is done by means of others, which must be open. */
export const needs: Readonly<Record<string, readonly string[]>> = {
  update: ['get', 'put'],
  patch: ['get', 'put'],
  getAll: ['get'],
  putAll: ['put'],
  deleteAll: ['delete'],
}

/** Is it done to many at once, in one transaction? */
export const isBulk = (name: string): boolean => name === 'putAll' || name === 'deleteAll'

export const isStoreMethod = (name: string): boolean => (storeMethods as readonly string[]).includes(name)

const reading: ReadonlySet<string> = new Set(['get', 'query', 'count'])

/** `everything`: what is not closed is open. Else: reading, and what is opened. */
export function opening(given: Rules['methods'] | Rules['prototype'], everything: boolean, place: string): Opening {
  const entries = Array.isArray(given) ? given.map(name => [name, true] as const) : Object.entries(given ?? {})
  const said = new Map<string, boolean>()
  // biome-ignore lint/complexity/noBannedTypes: of any signature
  const functions = new Map<string, Function>()
  for (const [name, content] of entries) {
    if (typeof name !== 'string' || name === '__proto__' || name === 'constructor' || name === 'then') {
      throw new TypeError(`${place}: ${String(name)} is not the name of a method`)
    }
    if (typeof content === 'function') functions.set(name, content)
    else if (typeof content === 'boolean') said.set(name, content)
    else throw new TypeError(`${place}.${name} must be true, false or a function`)
  }
  return {
    open: name =>
      !functions.has(name) && (said.get(name) ?? (everything || (place === 'methods' && reading.has(name)))),
    functions,
    said,
  }
}
