/** Which part of a facet a path names, and what may be done there. */
import { type Answer, empty } from '../answer.js'
import { HttpError } from '../http-error.js'
import { countBy, queryBy } from './asking.js'
import type { Call } from './call.js'
import { type ChangesOptions, changesOf } from './changes.js'
import { addObject, find } from './collection.js'
import { decoded, idOf } from './conditions.js'
import { callMethod, callOn } from './method-call.js'
import { deleteObject, getObject, type ObjectOptions, patchObject, putObject } from './object.js'
import { has, type Method, type Served } from './served.js'

export interface RouteOptions extends ObjectOptions, ChangesOptions {}

/** The methods of HTTP that are known; any other is a 501. */
export const httpMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

type Work = () => Promise<Answer>

/** What each method of HTTP does in a place, and which of the facet's it needs. */
type Place = { readonly [M in 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE']?: readonly [Method | undefined, Work] }

/** The name of the collection that a path leads to. */
export function nameIn(path: string): string {
  const end = path.indexOf('/', 1)
  return decoded(end < 0 ? path.slice(1) : path.slice(1, end))
}

/** Does what is asked there, or throws. What is asked most, an object by its id, takes the shortest way. */
export function route(call: Call, served: Served, options: RouteOptions): Promise<Answer> {
  if (call.method === 'GET' && has(served, 'get')) {
    const start = call.path.indexOf('/', 1) + 1
    if (start > 0 && start < call.path.length && call.path[start] !== '$' && !call.path.includes('/', start)) {
      return getObject(call, served, idOf(call.path.slice(start), served))
    }
  }
  const place = placeOf(call, served, options)
  const method = call.method === 'HEAD' ? 'GET' : call.method
  if (method === 'OPTIONS') return Promise.resolve(allowed(place, served))
  const found = place[method as keyof Place]
  if (!found || (found[0] !== undefined && !has(served, found[0]))) {
    throw new HttpError(405, `${call.method} is not possible here`, { allow: allowIn(place, served) })
  }
  return found[1]()
}

function placeOf(call: Call, served: Served, options: RouteOptions): Place {
  const second = call.path.indexOf('/', 1)
  const segments = second < 0 ? [] : call.path.slice(second + 1).split('/')
  const [first, then, last] = segments as [string?, string?, string?]
  switch (segments.length) {
    case 0:
      return collection(call, served)
    case 1:
      if (first === '') return collection(call, served)
      if (first === '$query') return { POST: ['query', () => queryBy(call, served)] }
      if (first === '$count') {
        return { GET: ['count', () => countBy(call, served)], POST: ['count', () => countBy(call, served)] }
      }
      if (first === '$changes') return { GET: ['subscribe', () => changesOf(call, served, options)] }
      return object(call, served, first as string, options)
    case 2:
      if (first === '$call') return { POST: [undefined, () => callMethod(call, served, decoded(then as string))] }
      break
    case 3:
      if (then === '$call' && !isReserved(first as string)) {
        const id = idOf(first as string, served)
        return { POST: [undefined, () => callOn(call, served, id, decoded(last as string))] }
      }
  }
  throw nowhere()
}

function collection(call: Call, served: Served): Place {
  return { GET: ['query', () => find(call, served)], POST: ['add', () => addObject(call, served)] }
}

function object(call: Call, served: Served, segment: string, options: RouteOptions): Place {
  if (isReserved(segment)) throw nowhere()
  const id = idOf(segment, served)
  return {
    GET: ['get', () => getObject(call, served, id)],
    PUT: ['put', () => putObject(call, served, id, options)],
    PATCH: ['patch', () => patchObject(call, served, id)],
    DELETE: ['delete', () => deleteObject(call, served, id)],
  }
}

/** What begins with a raw `$` is ours, but the two ids that cannot stand in a path as they are. */
const isReserved = (segment: string) => segment.startsWith('$') && segment !== '$.' && segment !== '$..'

export const nowhere = () => new HttpError(404, 'there is nothing here')

function allowIn(place: Place, served: Served): string {
  const open = Object.entries(place).flatMap(([name, [needed]]) => {
    if (needed !== undefined && !has(served, needed)) return []
    return name === 'GET' ? ['GET', 'HEAD'] : [name]
  })
  return [...open, 'OPTIONS'].join(', ')
}

function allowed(place: Place, served: Served): Answer {
  const patches = place.PATCH && has(served, 'patch')
  return empty(204, {
    allow: allowIn(place, served),
    ...(patches && { 'accept-patch': 'application/merge-patch+json, application/json-patch+json' }),
    ...(place.GET?.[0] === 'query' && { 'accept-ranges': 'items' }),
  })
}
