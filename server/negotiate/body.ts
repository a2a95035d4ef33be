/** What the body of a call says. */
import { StoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import type { Call } from '../handler/call.js'
import { HttpError } from '../http-error.js'
import { readBody } from '../limits/body.js'
import { parsed, utf8 } from './json.js'
import { typeOf, types } from './media.js'

export interface Read {
  readonly value: unknown
  /** Are its types what they were meant to be, or is some of it text? */
  readonly exact: boolean
}

const jsons: ReadonlySet<string> = new Set([types.json, types.exact])

/** The JSON of the body, of one of these media types besides the usual two; `undefined` where there is no body. */
export async function readJson(call: Call, more: readonly string[] = []): Promise<Read | undefined> {
  const { source, limits } = call
  if ('value' in source) return source.value === undefined ? undefined : source
  const type = typeOf(call.header('content-type'))
  const bytes = await readBody(call)
  if (bytes.length === 0) return undefined
  // without a type it can only be JSON
  if (type !== '' && !jsons.has(type) && !more.includes(type)) throw unsupported(type, [...jsons, ...more])
  const exact = type === types.exact
  return { value: parsed(utf8(bytes), exact, limits), exact }
}

/** The body as one object, which it must be. */
export async function readObject(call: Call): Promise<Read & { readonly value: Data }> {
  const read = await readJson(call)
  if (!isObject(read?.value)) throw new StoreError('DataError', 'the body must be a JSON object')
  return read as Read & { readonly value: Data }
}

export function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

export function unsupported(type: string, accepted: readonly string[]): HttpError {
  const headers = { accept: accepted.join(', ') }
  return new HttpError(415, `a body of the type ${JSON.stringify(type.slice(0, 80))} is not understood`, headers)
}
