import { sha256 } from '@noble/hashes/sha2.js'
import { StoreError } from './errors.js'
import { encode } from './json.js'
import type { Precondition } from './store.js'
import { checkedCopy, equal } from './value.js'

/**
 * The strong ETag of an object: SHA-256 of its extended JSON with the properties in order of their names, quoted as in
 * HTTP (RFC 9110, section 8.8.3). Equal objects have equal tags, so it can be computed from a copy.
 */
export function etag(object: object): string {
  const digest = sha256(new TextEncoder().encode(canonical(encode(object))))
  let text = ''
  for (let position = 0; position < 16; position++) text += (digest[position] as number).toString(16).padStart(2, '0')
  return `"${text}"`
}

function canonical(data: unknown): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data)
  if (Array.isArray(data)) return `[${data.map(canonical).join()}]`
  const names = Object.keys(data).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${canonical(data[name as never])}`).join()}}`
}

/** Throws a `PreconditionFailedError` unless what is stored is what the caller expects. */
export function checkPrecondition(
  stored: object | undefined,
  { ifMatch, ifNoneMatch }: Precondition,
  id: string | number,
): void {
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*')
      throw new StoreError('NotSupportedError', `ifNoneMatch can only be '*', not ${ifNoneMatch}`, { id })
    if (stored) throw failed(`something is stored under ${id}`, id)
  }
  if (ifMatch === undefined) return
  if (!stored) throw failed(`nothing is stored under ${id}`, id)
  if (ifMatch !== '*' && !matches(stored, ifMatch)) throw failed(`${id} has changed since it was read`, id)
}

/** To compare is much faster than to hash. */
function matches(stored: object, expected: string | object): boolean {
  if (typeof expected === 'string') return expected === etag(stored)
  return equal(stored, expected) || equal(stored, checkedCopy({ ...expected }))
}

function failed(message: string, id: string | number): StoreError {
  return new StoreError('PreconditionFailedError', message, { id })
}
