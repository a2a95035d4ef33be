import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { StoreError } from './errors.js'
import { encode } from './json.js'
import type { Precondition } from './store.js'
import { checkedCopy, equal } from './value.js'

/**
 * The strong ETag of an object: SHA-256 of its extended JSON with the properties in order of their names, quoted as in
 * HTTP (RFC 9110, section 8.8.3). Equal objects have equal tags, so it can be computed from a copy.
 */
export function etag(object: object): string {
  return `"${digest(canonical(encode(object))).slice(0, 32)}"`
}

/** The digest in hexadecimal: by the platform, where it has one that answers at once, which takes an eighth of the time. */
const digest: (text: string) => string = native() ?? (text => bytesToHex(sha256(utf8ToBytes(text))))

function native(): ((text: string) => string) | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } }
  const { hash } = (process?.getBuiltinModule?.('node:crypto') ?? {}) as { hash?(name: string, text: string): string }
  return hash && (text => hash('sha256', text))
}

function canonical(data: unknown): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data)
  let text = ''
  if (Array.isArray(data)) {
    for (const each of data) text += `${text && ','}${canonical(each)}`
    return `[${text}]`
  }
  for (const name of Object.keys(data).sort()) {
    text += `${text && ','}${JSON.stringify(name)}:${canonical(data[name as never])}`
  }
  return `{${text}}`
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
