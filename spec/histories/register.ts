/** What one object does, one call after the other: the specification that `linearizable` compares with. */
import type { Id } from '../../lib/store.js'
import type { Recorded } from './recorder.js'

/** The value that is stored, or `null`. */
export type State = number | null

/** A call that concerns one object. `ifMatch` names the value whose tag was sent. */
export type RegisterRequest =
  | { readonly method: 'get'; readonly id: Id }
  | { readonly method: 'put'; readonly id: Id; readonly value: number; readonly ifMatch?: number | undefined }
  | { readonly method: 'putIfAbsent'; readonly id: Id; readonly value: number }
  | { readonly method: 'add'; readonly id: Id; readonly value: number }
  | { readonly method: 'delete'; readonly id: Id; readonly ifMatch?: number | undefined }

export type RegisterCall = Recorded<RegisterRequest>

/** The state after the call, if it can have given in this state what it gave; else `undefined`. */
export function step(state: State, { request, outcome, result, error }: RegisterCall): State | undefined {
  if (request.method === 'get') return result === state ? state : undefined
  const refusal = refusalOf(state, request)
  if (outcome === 'failed') return error === refusal ? state : undefined
  if (refusal) return undefined
  if (request.method !== 'delete') return request.value
  return outcome === 'unknown' || result === (state !== null) ? null : undefined
}

/** The name of the error with which the call must be refused. */
function refusalOf(state: State, request: Exclude<RegisterRequest, { method: 'get' }>): string | undefined {
  if (request.method === 'add') return state === null ? undefined : 'ConstraintError'
  if (request.method === 'putIfAbsent') return state === null ? undefined : 'PreconditionFailedError'
  return request.ifMatch === undefined || request.ifMatch === state ? undefined : 'PreconditionFailedError'
}

/** Does the call say anything? One that failed for a reason of its own, or a read whose answer never came, does not. */
export function tells({ request, outcome, error }: RegisterCall): boolean {
  if (outcome === 'failed') return error === 'ConstraintError' || error === 'PreconditionFailedError'
  return outcome === 'ok' || request.method !== 'get'
}
