import { etag } from '../../lib/etag.js'
import type { Id, MaybePromise, Store } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { when } from '../../lib/when.js'
import type { Random } from '../oracle/random.js'
import { linearizable } from './linearizable.js'
import { drain, pause } from './pause.js'
import { type Recorded, type Recorder, recorder } from './recorder.js'
import type { RegisterCall, RegisterRequest, State } from './register.js'
import { type Workload, work } from './workload.js'

type Request = RegisterRequest | { readonly method: 'query' }
type Register = { readonly id: Id; readonly value: number }
export type Registers = Required<Pick<Store<Register>, 'get' | 'put' | 'add' | 'delete'>>

const allIds = ['a', 7, 'x/y', '__proto__']

/**
 * Reads and writes of single objects, with conditions and without, some of them in a transaction of their own, and queries
 * of all. Each object is to be linearizable; a query reads each of them.
 */
export const registers: Workload = async (store, shape, chance) => {
  const { calls, record }: Recorder<Request> = recorder()
  // the fewer, the more often clients meet; where too many do, there are too many orders to search
  const ids = allIds.slice(0, shape.clients > 8 ? 4 : 2 + chance.below(2))
  let values = 10
  await work(shape, chance, () => {
    const seen = new Map<Id, State>()
    return async (): Promise<unknown> => {
      if (chance.chance(0.03)) return record({ method: 'query' }, () => statesIn(store, chance))
      const id = chance.pick(ids)
      // a few values come back again, as the tags of others do
      const value = chance.chance(0.2) ? chance.below(3) : values++
      const request = pick(id, value, seen.get(id), chance)
      const result = await record(request, () => perform(store, request, chance))
      return request.method === 'get' && seen.set(id, result as State)
    }
  })
  return linearizable(calls.flatMap(call => readsOf(call, ids)))
}

function pick(id: Id, value: number, seen: State | undefined, chance: Random): RegisterRequest {
  const ifMatch = seen ?? undefined
  const kind = chance.next()
  if (kind < 0.4) return { method: 'get', id }
  if (kind < 0.55) return { method: 'put', id, value }
  if (kind < 0.7) return { method: 'put', id, value, ifMatch }
  if (kind < 0.75) return { method: 'putIfAbsent', id, value }
  if (kind < 0.83) return { method: 'add', id, value }
  return { method: 'delete', id, ifMatch: kind < 0.92 ? ifMatch : undefined }
}

function perform(store: Store, request: RegisterRequest, chance: Random): MaybePromise<unknown> {
  if (chance.chance(0.85)) return ask(store as Registers, request)
  return transaction(store, async tx => {
    await pause(chance)
    const result = await ask(tx as Registers, request)
    await pause(chance)
    return result
  })
}

/** Does to a store what is asked of a register. */
export function ask(store: Registers, request: RegisterRequest): MaybePromise<unknown> {
  const { id } = request
  if (request.method === 'get') return when(store.get(id), found => found?.value ?? null)
  const tagged = 'ifMatch' in request && request.ifMatch !== undefined
  const options = tagged ? { ifMatch: etag({ id, value: request.ifMatch }) } : {}
  if (request.method === 'delete') return store.delete(id, options)
  const { method, value } = request
  if (method === 'putIfAbsent') return store.put({ id, value }, { ifNoneMatch: '*' })
  return store[method]({ id, value }, options)
}

async function statesIn(store: Store, chance: Random): Promise<ReadonlyMap<string, number>> {
  const found: Register[] = await drain(store.query?.() ?? [], chance)
  return new Map(found.map(({ id, value }) => [String(id), value]))
}

function readsOf(call: Recorded<Request>, ids: readonly Id[]): RegisterCall[] {
  const { request, ...rest } = call
  if (request.method !== 'query') return [{ ...rest, request }]
  const states = call.result as ReadonlyMap<string, number> | undefined
  return ids.map(id => ({ ...rest, request: { method: 'get', id }, result: states?.get(String(id)) ?? null }))
}
