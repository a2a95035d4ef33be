/** Serves facets over HTTP: from a `Request` to a `Response`, on whatever has those. */
import { toResponse } from './answer.js'
import { answering } from './handler/answering.js'
import type { Facets, HandlerOptions, Info } from './handler/options.js'
import { fromRequest } from './handler/requested.js'

export type { Cors } from './handler/cors.js'
export type { Facets, HandlerOptions, Info } from './handler/options.js'
export type { Limits } from './limits.js'

/**
 * Makes a function that answers requests by facets, each under its name: `/users`, `/users/1`, `/users?age>30`. What a facet has
 * not is a 405, what it refuses is the problem details (RFC 9457) of its error. Models are served with `trusted` only. Never
 * rejects. A `TypeError` for what cannot be served.
 */
export function handler(
  facets: Facets,
  options: HandlerOptions = {},
): (request: Request, info?: Info) => Promise<Response> {
  const answer = answering(facets, options)
  return async (request, info) => toResponse(await answer(fromRequest(request), info))
}
