/** Documents as the stores keep them: an object with the key, the revision, and the document, which may hold anything. */
import type { Id } from '../../lib/store.js'
import { checkedCopy, describe } from '../../lib/value.js'
import type { Form } from '../../stores/directory.js'
import { assertion } from './error.js'
import type { Saved } from './types.js'

/** What is stored under a key. Of what was deleted its revision stays, which then is less than 0. */
export interface Stored {
  readonly id: Id
  readonly _rev?: number
  readonly document?: object
}

/** The property that shows the revision. */
export const revisionProperty = '_rev'

/** The document as its users see it. */
export function documentOf({ _rev = 0, document }: Stored): Saved<object> {
  return { _rev, ...document }
}

/** A document that somebody gives, and the revision that it says. */
export interface Taken {
  readonly document: object
  readonly revision: number | undefined
}

/** Checks and copies it: what is done to it later is not meant. */
export function taken(key: string, given: unknown): Taken {
  if (!isPlain(given)) throw assertion(`a document is a plain object, not ${describe(given)}`, { id: key })
  const { _rev: revision, ...document } = checked(given as { _rev?: unknown }, key)
  if (revision !== undefined && !isRevision(revision)) {
    throw assertion(`the _rev of a document is a whole number from 0, not ${describe(revision)}`, { id: key })
  }
  return { document, revision }
}

function checked<D extends object>(given: D, key: string): D {
  try {
    return checkedCopy(given)
  } catch (cause) {
    throw assertion(`the document of ${key} cannot be stored: ${(cause as Error).message}`, { id: key, cause })
  }
}

export function checkKey(key: unknown): string {
  if (typeof key === 'string') return key
  throw assertion(`a key is a string, not ${describe(key)}`)
}

/** The file of a document: its properties, after its revision. */
export const form: Form = {
  print: object => documentOf(object as Stored),
  read(value, id) {
    const { _rev, ...document } = value as { _rev?: unknown }
    return { id, ...(isRevision(_rev) && { _rev }), document }
  },
}

function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
