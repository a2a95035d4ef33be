/** What is served in the specs of the server, and short ways to ask it. */
import { memory } from '../../index.js'
import { permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { type HandlerOptions, handler } from '../../server/handler.js'

export const people = [
  { id: 1, name: 'Ada', age: 36, city: 'London', secret: 'x' },
  { id: 2, name: 'Bob', age: 20, city: 'Oslo', secret: 'y' },
  { id: 3, name: 'Eve', age: 28, city: 'Oslo', secret: 'z' },
]

export function personModel(objects: readonly object[] = people) {
  let next = 100
  return Model(memory({ objects, generateId: () => next++ } as object), {
    properties: {
      id: { type: 'integer' },
      name: { type: 'string', minLength: 1 },
      age: { type: 'integer', minimum: 0 },
      city: String,
      secret: String,
      born: Date,
      money: { type: 'bigint' },
      photo: Uint8Array,
    },
    required: ['name'],
    prototype: {
      greet(greeting: string) {
        return `${greeting} ${this.name}`
      },
    },
    static: { version: () => 7, nothing: () => undefined },
  })
}

interface Any {
  readonly id: string
  readonly [name: string]: unknown
}

/** A model of objects of any kind. */
export function anyModel(objects: readonly object[] = []) {
  const Any = Model(memory<Any, string>({ objects: objects as Any[] }), {})
  return Any as typeof Any & { put(object: object): unknown }
}

/** Facets of each kind over the same people. */
export function facets(Person = personModel()) {
  return {
    people: permissive(Person),
    shown: restrictive(Person, { properties: { secret: { blocked: true } } }),
    box: restrictive(Person, { methods: { get: false, query: false, count: false, add: true } }),
  }
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly json: any
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>

/** Asks a handler. A body that is no text is sent as JSON. */
export function asker(handle: (request: Request) => Promise<Response>): Ask {
  return async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const type = text === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...type, ...headers }, ...(text !== undefined && { body: text }) }
    return answered(await handle(new Request(`http://localhost${path}`, init)))
  }
}

export async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

export const asking = (given: Parameters<typeof handler>[0] = facets(), options: HandlerOptions = {}): Ask =>
  asker(handler(given, options))

/** Each object in JSON, and its status, for short comparisons. */
export const statusOf = async (coming: Promise<Answered>): Promise<number> => (await coming).status
