/**
 * The file of an id: the id percent-encoded, as in `user%3A123.json`. Nothing in it means anything to a file system, and
 * no two ids have names that differ in case only. The name of a long id is cut, and ends with `~` and a hash of the id.
 */
import { createHash } from 'node:crypto'
import { checkId, toKey } from '../../lib/id.js'
import type { Id } from '../../lib/store.js'

const extension = '.json'
const longest = 200
/** What no other name has: `~` is encoded. */
const hashed = /~[\da-f]{64}\.json$/
/** What Windows takes for a device, whatever follows a dot. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/
/** What needs no encoding, as most ids. */
const plain = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[\da-z_-][\d.a-z_-]*$/

/** The name of the file that holds an object. */
export function nameOf(key: Id): string {
  const id = String(key)
  const encoded = plain.test(id) ? id : encode(id)
  return (encoded.length > longest ? shortened(id, encoded) : encoded) + extension
}

function encode(id: string): string {
  const encoded = encodeURIComponent(id).replace(/%[\dA-F]{2}|[*A-Z~]/g, each =>
    each.length === 3 ? each : escaped(each),
  )
  return encoded.startsWith('.') || device.test(encoded) ? escaped(encoded[0] as string) + encoded.slice(1) : encoded
}

const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

function shortened(id: string, encoded: string): string {
  const hash = createHash('sha256').update(id).digest('hex')
  // an escape is not cut in two
  const start = encoded.slice(0, longest - hash.length - 1).replace(/%[\dA-F]?$/, '')
  return `${start}~${hash}`
}

/** Is it the name of a file that may hold an object? */
export function isDocument(name: string): boolean {
  return name.endsWith(extension)
}

/** Does the name of a file tell the id, and not only a hash of it? */
export function tellsId(name: string): boolean {
  return !hashed.test(name)
}

/** What the name of a file says. */
export interface Named {
  /** The name that a store gives to the file of the same id. */
  readonly name: string
  /** `undefined` where the name holds but a hash of it. */
  readonly id: Id | undefined
}

/** Reads a name, also one that a store would not give. A `DataError` or `URIError` where it is not that of an id. */
export function readName(name: string): Named {
  if (!tellsId(name)) return { name, id: undefined }
  const text = decodeURIComponent(name.slice(0, -extension.length))
  if (text.includes('\ufffd')) throw new URIError('it is not UTF-8')
  const id = toKey(checkId(text))
  return { name: nameOf(id), id }
}

/** Is this certainly the name that a store gives? Most names of documents are told at a glance. */
export function isOurs(name: string): boolean {
  return name.length <= longest && ours.test(name)
}

/** With escapes of what is always escaped. */
const ours =
  /^(?!(?:con|prn|aux|nul|com\d|lpt\d)\.)(?!\.)(?:[\d.a-z_-]|%(?:2[02-6ABCF]|3[A-F]|4[\dA-F]|5[\dA-E]|60|7[B-E]))+$/
