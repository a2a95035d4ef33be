/** Methods that are not the store's: `/users/$call/best`, `/users/1/$call/greet`. */
import { StoreError } from '../../lib/errors.js'
import type { Id } from '../../lib/store.js'
import { type Answer, empty } from '../answer.js'
import { HttpError } from '../http-error.js'
import { readJson } from '../negotiate/body.js'
import { textOf } from '../negotiate/json.js'
import { isExact, types, wanted } from '../negotiate/media.js'
import type { Call } from './call.js'
import { nothing } from './object.js'
import { has, hasOwnMethod, type Served } from './served.js'

type Callable = (...args: unknown[]) => Promise<unknown>

/** Calls a method of the facet. */
export async function callMethod(call: Call, served: Served, name: string): Promise<Answer> {
  if (!hasOwnMethod(served, name)) throw noMethod()
  const args = await argumentsOf(call)
  const method = served.methods[name as never] as Callable
  return resultOf(call, await method(...args))
}

/** Calls a method of an object. */
export async function callOn(call: Call, served: Served, id: Id, name: string): Promise<Answer> {
  const { own, prototype } = served.audit()
  if (!has(served, 'get') || !own.includes(name) || !prototype.includes(name)) throw noMethod()
  const args = await argumentsOf(call)
  const object = await served.methods.get(id, { signal: call.signal() })
  if (!object) throw nothing(id)
  const method = object[name] as Callable
  return resultOf(call, await Reflect.apply(method, object, args))
}

async function argumentsOf(call: Call): Promise<readonly unknown[]> {
  const { value = [] } = (await readJson(call)) ?? {}
  if (Array.isArray(value)) return value
  throw new StoreError('DataError', 'the body must be a JSON array of the arguments')
}

function resultOf(call: Call, result: unknown): Answer {
  if (result === undefined) return empty(204)
  const format = wanted(call.header('accept'), 'object') ?? 'json'
  const headers = { 'content-type': types[format], vary: 'Accept' }
  return { status: 200, headers, body: textOf(result, isExact(format)) }
}

const noMethod = () => new HttpError(404, 'there is no such method here')
