/** The conditions of a request (RFC 9110, section 13), as a store takes them. */
import { StoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import type { Id } from '../../lib/store.js'
import { HttpError } from '../http-error.js'
import type { Call } from './call.js'
import { has, type Served } from './served.js'

export interface Conditions {
  readonly ifMatch?: string
  readonly ifNoneMatch?: '*'
}

/** Dojo on Node writes `null` where there is no condition. */
const said = (header: string | null) => (header === 'null' ? null : header)

/** What no object has as its tag: it matches nothing. */
const never = '"-"'

/** What must hold at the moment of the write. Of several tags, it is the one that is stored now. */
export async function conditionsOf(call: Call, served: Served, id?: Id): Promise<Conditions> {
  const match = said(call.header('if-match'))
  const none = said(call.header('if-none-match'))
  return {
    ...(match !== null && { ifMatch: await expected(match, served, id, call) }),
    ...(none !== null && { ifNoneMatch: onlyStar(none) }),
  }
}

/** What must be stored where something is changed or removed: that nothing is can never hold. */
export async function matchOf(call: Call, served: Served, id: Id): Promise<string | undefined> {
  const { ifMatch, ifNoneMatch } = await conditionsOf(call, served, id)
  return ifNoneMatch === undefined ? ifMatch : never
}

/** What is added is not there yet, so no tag matches it: throws a 412, or, as without the condition, that it is there. */
export async function checkNew(call: Call, served: Served, id?: unknown): Promise<void> {
  if (said(call.header('if-match')) === null) return
  const asked = typeof id === 'string' || typeof id === 'number'
  if (asked && has(served, 'get') && (await served.methods.get(id))) {
    throw new StoreError('ConstraintError', 'something is already stored under this id', { id })
  }
  throw new StoreError('PreconditionFailedError', 'what is added cannot be there already, as it was expected')
}

async function expected(header: string, served: Served, id: Id | undefined, call: Call): Promise<string> {
  if (header.trim() === '*') return '*'
  const tags = strongIn(header)
  if (tags.length < 2 || id === undefined || !has(served, 'get')) return tags[0] ?? never
  const stored = await served.methods.get(id, { signal: call.signal() })
  const current = stored && etag(stored)
  return tags.find(tag => tag === current) ?? never
}

function onlyStar(header: string): '*' {
  if (header.trim() === '*') return '*'
  throw new StoreError('NotSupportedError', 'If-None-Match can only be * where something is written')
}

/** The strong tags of a header; weak ones match nothing in a comparison that must be strong. */
function strongIn(header: string): string[] {
  return [...header.matchAll(/(W\/)?("[^"]*")/g)].filter(([, weak]) => !weak).map(([, , tag]) => tag as string)
}

/** Does what is there hold what the client has already? */
export function isKnown(call: Call, tag: string): boolean {
  const header = call.header('if-none-match')
  if (header === null) return false
  return header === tag || header.trim() === '*' || header.includes(tag)
}

/** Throws a 412 where what was read is not what was expected. */
export function checkRead(call: Call, tag: string | undefined): void {
  const match = call.header('if-match')
  if (match === null) return
  const holds = tag !== undefined && (match.trim() === '*' || strongIn(match).includes(tag))
  if (!holds) throw new StoreError('PreconditionFailedError', 'it is not, or no longer, as it was expected')
}

/** The preference that a client has said (RFC 7240). */
export function prefers(call: Call, preference: 'return=minimal' | 'return=representation'): boolean {
  const header = call.header('prefer')
  return header?.toLowerCase().replaceAll('"', '').includes(preference) ?? false
}

/** The id that a segment of a path names. */
export function idOf(segment: string, { schema, idProperty }: Served): Id {
  const text = segment === '$.' || segment === '$..' ? segment.slice(1) : decoded(segment)
  const { [idProperty]: property } = (schema.properties ?? {}) as Record<string, { type?: unknown } | undefined>
  const numeric = property?.type === 'integer' || property?.type === 'number'
  return numeric && /^(?:0|-?[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

/** A segment of a path as text; a 400 where it is not well-formed. */
export function decoded(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, 'the path is not well-formed')
  }
}

/** The segment of a path that names an id. */
export function segmentOf(id: Id): string {
  const text = String(id)
  return text === '.' || text === '..' ? `$${text}` : encodeURIComponent(text)
}
