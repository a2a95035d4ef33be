/** From a request to what is answered: who asks, what of, and how the answer travels. */
import { isStoreError } from '../../lib/errors.js'
import type { MaybePromise, Store } from '../../lib/store.js'
import { type Answer, empty, fromResponse } from '../answer.js'
import { indexPage } from '../describe/index-page.js'
import { openApi } from '../describe/openapi.js'
import { HttpError, isOurs, problemAnswer } from '../http-error.js'
import { limitsOf } from '../limits.js'
import { readJson } from '../negotiate/body.js'
import { compressed } from '../negotiate/compress.js'
import { types, wanted } from '../negotiate/media.js'
import { batch, entriesOf, namesIn } from './batch.js'
import type { Call } from './call.js'
import { checkCors, isFromElsewhere, preflight, sharing } from './cors.js'
import { once } from './idempotent.js'
import type { Facets, HandlerOptions, Info } from './options.js'
import { callOf, type Requested } from './requested.js'
import { httpMethods, nameIn, nowhere, type RouteOptions, route } from './route.js'
import { type Served, serve } from './served.js'

export type Answering = (requested: Requested, info?: Info) => Promise<Answer>

export interface Inside {
  /** Ends event streams when the server stops. */
  readonly stopping?: AbortSignal | undefined
}

/** What a server does with a request, without a `Response`. */
export function answering(facets: Facets, options: HandlerOptions, { stopping }: Inside = {}): Answering {
  const { trusted = false, authorize, base = '', cors, idempotency, heartbeat = 15_000, onError } = options
  const { partialPut = false, title = 'Holdfast' } = options
  const limits = limitsOf(options.limits)
  const remembered = once(idempotency as Store | undefined)
  const routing: RouteOptions = { partialPut, heartbeat, stopping }
  const fixed = typeof facets === 'function' ? undefined : ready(facets, trusted)
  checkCors(cors)

  async function admit(requested: Requested, call: Call, info: Info): Promise<Answer> {
    const { method } = call
    if (!httpMethods.has(method)) throw new HttpError(501, 'there is no such method')
    const asked = cors && method === 'OPTIONS' ? preflight(cors, call.header) : undefined
    if (asked) return asked
    if (!isSafe(method) && isFromElsewhere(requested, cors)) throw new HttpError(403, 'this page may not write here')
    if (authorize) {
      const allowed = await owner(async () => {
        const said = await authorize(requested.request(), info)
        return said instanceof Response ? fromResponse(said) : said
      })
      if (!allowed) throw denied(call)
      if (typeof allowed === 'object') return allowed
    }
    if (fixed) return within(call, fixed)
    const made = facets as (request: Request, info: Info) => MaybePromise<object>
    return within(call, await owner(async () => ready(given(await made(requested.request(), info)), trusted)))
  }

  function within(call: Call, served: ReadonlyMap<string, Served>): Answer | Promise<Answer> {
    const { method, path } = call
    const key = isSafe(method) ? null : call.header('idempotency-key')
    if (path === '/$batch') return batched(call, served, key)
    if (path === '/') return page(call, indexPage(served, title), 'text/html; charset=utf-8')
    if (path === '/openapi.json') return page(call, JSON.stringify(openApi(served, { title, base })), types.json)
    const found = served.get(nameIn(path))
    if (!found) throw nowhere()
    if (key === null || isQuestion(path)) return route(call, found, routing)
    return remembered(
      call,
      key,
      async () => [found],
      (call, within) => route(call, within?.get(found.name) ?? found, routing),
    )
  }

  function batched(call: Call, served: ReadonlyMap<string, Served>, key: string | null): Promise<Answer> {
    if (call.method !== 'POST') throw new HttpError(405, 'a batch is a POST', { allow: 'POST' })
    const find = (name: string) => served.get(name)
    if (key === null) return batch(call, { ...routing, find })
    return remembered(
      call,
      key,
      async read => {
        const { value } = (await readJson(read)) ?? {}
        return namesIn(entriesOf(value, read), find).map(name => find(name) as Served)
      },
      (call, within) => batch(call, { ...routing, find, within }),
    )
  }

  /** Whoever hears of what has failed must not make more of it. */
  async function heard(error: unknown, { request }: Requested): Promise<void> {
    try {
      await onError?.(error, request())
    } catch {}
  }

  return async (requested, info = {}) => {
    const { method, header } = requested
    let answer: Answer
    let allow: ReturnType<typeof sharing> | undefined
    const failed = (error: unknown) => {
      if (isOurs(error)) void heard(error, requested)
    }
    try {
      allow = cors && sharing(cors, header('origin'))
      const call = callOf(requested, base, limits, failed)
      // what is the same for everybody need not be asked for
      const open = fixed && !authorize && method === 'GET'
      answer = await (open ? within(call, fixed) : admit(requested, call, info))
    } catch (error) {
      failed(error)
      answer = problemAnswer(error)
    }
    allow?.(answer.headers)
    answer.headers['x-content-type-options'] = 'nosniff'
    if (method === 'HEAD') return withoutBody(answer)
    return answer.body === undefined ? answer : compressed(answer, header)
  }
}

/** What there is for who asks. */
function given(facets: object): object {
  return Object.fromEntries(Object.entries(facets).filter(([, facet]) => facet !== undefined))
}

function ready(facets: object, trusted: boolean): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>()
  for (const [name, facet] of Object.entries(facets)) {
    if (name === '' || name.startsWith('$') || name === 'openapi.json') {
      throw new TypeError(`${JSON.stringify(name)} cannot be the name of what is served`)
    }
    served.set(name, serve(name, facet, { trusted }))
  }
  return served
}

/** What the owner's functions throw is no mistake of who asks, but for the refusals that stores know. */
async function owner<R>(work: () => MaybePromise<R>): Promise<R> {
  try {
    return await work()
  } catch (cause) {
    if (isStoreError(cause)) throw cause
    throw new Error('authorize, or what gives the facets, has failed', { cause })
  }
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

/** Is it a POST that writes nothing? */
const isQuestion = (path: string) => path.endsWith('/$query') || path.endsWith('/$count')

function denied(call: Call): HttpError {
  if (call.header('authorization') !== null) return new HttpError(403, 'this is not allowed')
  return new HttpError(401, 'say who you are', { 'www-authenticate': 'Bearer' })
}

function page(call: Call, body: string, type: string): Answer {
  if (call.method === 'OPTIONS') return empty(204, { allow: 'GET, HEAD, OPTIONS' })
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    throw new HttpError(405, `${call.method} is not possible here`, { allow: 'GET, HEAD, OPTIONS' })
  }
  if (type === types.json && !wanted(call.header('accept'), 'object')) throw new HttpError(406, `there is ${type}`)
  const policy = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" }
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'private, no-cache', ...policy }, body }
}

function withoutBody({ body, ...answer }: Answer): Answer {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
  else if (body !== undefined) answer.headers['content-length'] = String(lengthOf(body))
  return answer
}

const lengthOf = (body: string | Uint8Array) =>
  (typeof body === 'string' ? new TextEncoder().encode(body) : body).length
