/** What is done with one object: `/users/1`. */
import { StoreError } from '../../lib/errors.js'
import { etag } from '../../lib/etag.js'
import { sameId } from '../../lib/id.js'
import type { Data, Id } from '../../lib/store.js'
import { patchTypes } from '../../models/model/patch.js'
import { type Answer, empty } from '../answer.js'
import { HttpError } from '../http-error.js'
import { isObject, readJson, readObject } from '../negotiate/body.js'
import { textOf } from '../negotiate/json.js'
import { isExact, typeOf, types, wanted } from '../negotiate/media.js'
import { typed } from '../negotiate/typed.js'
import type { Call } from './call.js'
import { checkRead, conditionsOf, isKnown, matchOf, prefers, segmentOf } from './conditions.js'
import { has, type Served } from './served.js'

export interface ObjectOptions {
  /** Does a PUT without an id change an object that is there, instead of replacing it? */
  readonly partialPut: boolean
}

export async function getObject(call: Call, served: Served, id: Id): Promise<Answer> {
  const found = await served.methods.get(id)
  if (!found) {
    checkRead(call, undefined)
    if (call.inBatch && call.header('if-none-match') === '*') return empty(204)
    throw nothing(id)
  }
  const tag = etag(found)
  checkRead(call, tag)
  if (isKnown(call, tag)) {
    if (call.inBatch) throw new StoreError('PreconditionFailedError', 'it is there, or as it was', { id })
    return empty(304, { etag: tag, 'cache-control': 'private, no-cache', vary: 'Accept' })
  }
  const format = wanted(call.header('accept'), 'object')
  if (format === undefined) throw notAcceptable()
  return {
    status: 200,
    headers: { 'content-type': types[format], etag: tag, 'cache-control': 'private, no-cache', vary: 'Accept' },
    body: textOf({ ...found }, format === 'exact'),
  }
}

export async function putObject(call: Call, served: Served, id: Id, { partialPut }: ObjectOptions): Promise<Answer> {
  const { value, exact } = await readObject(call)
  const object = (exact ? value : typed(value, served.schema)) as Data
  const own = object[served.idProperty] as Id | undefined
  const conditions = await conditionsOf(call, served, id)
  const signal = call.signal()
  if (own === undefined && partialPut && has(served, 'patch')) {
    const changed = await served.methods.patch(id, object, { ...conditions, signal })
    return written(call, served, changed, 200)
  }
  const created = await isNew(served, id, conditions.ifNoneMatch, conditions.ifMatch)
  const stored = await served.methods.put(object, {
    ...conditions,
    signal,
    id: isId(own) && sameId(own, id) ? own : id,
  })
  return written(call, served, stored, created ? 201 : 200)
}

async function isNew(served: Served, id: Id, ifNoneMatch?: string, ifMatch?: string): Promise<boolean> {
  if (ifNoneMatch !== undefined || ifMatch !== undefined) return ifMatch === undefined
  return has(served, 'get') && (await served.methods.get(id)) === undefined
}

const isId = (value: unknown): value is Id => typeof value === 'string' || typeof value === 'number'

export async function patchObject(call: Call, served: Served, id: Id): Promise<Answer> {
  const given = typeOf(call.header('content-type'))
  const read = await readJson(call, patchTypes)
  if (!read || typeof read.value !== 'object' || read.value === null) {
    throw new StoreError(
      'DataError',
      'the body must be a patch: an object (JSON Merge Patch), or an array (JSON Patch)',
    )
  }
  const { value, exact } = read
  const type = patchTypes.find(each => each === given) ?? (given === types.json ? patchTypes[0] : undefined)
  const changes = exact || !isObject(value) ? value : typed(value, served.schema)
  const ifMatch = await matchOf(call, served, id)
  const changed = await served.methods.patch(id, changes as object, { type, ifMatch, signal: call.signal() })
  return written(call, served, changed, 200)
}

export async function deleteObject(call: Call, served: Served, id: Id): Promise<Answer> {
  const ifMatch = await matchOf(call, served, id)
  if (!(await served.methods.delete(id, { ifMatch, signal: call.signal() }))) throw nothing(id)
  // react-admin says a type where there is no body, and wants to read one
  const told = prefers(call, 'return=representation') || typeOf(call.header('content-type')) === 'text/plain'
  if (!told) return empty(204)
  const format = wanted(call.header('accept'), 'object') ?? 'json'
  return {
    status: 200,
    headers: { 'content-type': types[format] },
    body: textOf({ [served.idProperty]: id }, isExact(format)),
  }
}

/** What a write answers: the object as it is seen, or what the client wants to know of it. */
export function written(call: Call, served: Served, stored: Data, status: 200 | 201): Answer {
  const minimal = prefers(call, 'return=minimal')
  const format = wanted(call.header('accept'), 'object') ?? 'json'
  const id = stored[served.idProperty] as Id
  const added = status === 201 && call.method === 'POST'
  const headers: Record<string, string> = {
    ...(has(served, 'get') && { etag: etag(stored) }),
    ...(added && { location: locationOf(call, served, id) }),
    ...(minimal && { 'preference-applied': 'return=minimal' }),
    vary: 'Accept, Prefer',
  }
  if (minimal && !added) return empty(status === 201 ? 201 : 204, headers)
  const told = minimal ? { [served.idProperty]: id } : { ...stored }
  return { status, headers: { 'content-type': types[format], ...headers }, body: textOf(told, isExact(format)) }
}

/** Relative to the collection, wherever that is mounted. */
function locationOf({ path }: Call, { name }: Served, id: Id): string {
  return `${path.endsWith('/') ? '' : `${encodeURIComponent(name)}/`}${segmentOf(id)}`
}

export function nothing(id: Id): StoreError {
  return new StoreError('NotFoundError', 'there is no such object', { id: String(id) })
}

export function notAcceptable(): HttpError {
  return new HttpError(406, `there is ${Object.values(types).join(', ')}`)
}
