/** Clients of a server whose connections are held back, break and double: what they see is one order of what each has done. */
import { expect } from 'chai'
import { isStoreError, StoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { listen } from '../../server/listen.js'
import { memory } from '../../stores/memory.js'
import { type RemoteStore, remote } from '../../stores/remote.js'
import { linearizable } from '../histories/linearizable.js'
import { type Recorder, recorder } from '../histories/recorder.js'
import type { RegisterRequest, State } from '../histories/register.js'
import { ask, type Registers } from '../histories/registers.js'
import { type Shape, work } from '../histories/workload.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { unruly } from './unruly-proxy.js'

interface Register {
  readonly id: string
  readonly value: number
}
type Request = RegisterRequest & { readonly id: string }

const shape: Shape = process.env.GATE ? { clients: 8, operations: 100 } : { clients: 8, operations: 25 }
const runs = process.env.GATE ? 100 : 1
const ids = ['a', 'x/y', '__proto__', '..']

describe('remote, histories over connections that fail', function () {
  this.timeout(3_600_000)

  const seed = newSeed()
  it(`are linearizable, ${runs} times, SEED=${seed}`, async () => {
    const tally = { right: 0, wrong: 0, undecided: 0 }
    const counts: Counts = { ok: 0, failed: 0, unknown: 0, cuts: 0, delays: 0, doubles: 0 }
    let first = ''
    for (let run = 0; run < runs; run++) {
      const { verdict, reason } = await history(random(seed + run), counts)
      tally[verdict]++
      if (verdict !== 'right') first ||= `SEED=${seed + run}: ${reason}`
    }
    if (process.env.GATE) console.log('     ', JSON.stringify(counts))
    expect(tally, first).to.deep.equal({ right: runs, wrong: 0, undecided: 0 })
    expect(Math.min(counts.ok, counts.cuts + counts.doubles), JSON.stringify(counts)).to.be.greaterThan(0)
  })
})

type Counts = Record<'ok' | 'failed' | 'unknown' | 'cuts' | 'delays' | 'doubles', number>

async function history(chance: Random, counts: Counts) {
  const limits = { requestsPerSocket: 1e6, inFlight: 1000 }
  const server = await listen({ registers: permissive(Model(memory(), {}) as object) }, { limits })
  const between = await unruly(Number(new URL(server.url).port), chance, 0.03)
  const schedule = (work: () => void, milliseconds: number) => {
    const timer = setTimeout(work, milliseconds > 5000 ? milliseconds : 1)
    return () => clearTimeout(timer)
  }
  const stores: RemoteStore<Register, string>[] = []
  const { calls, record }: Recorder<Request> = recorder()
  let values = 10
  await work(shape, chance, () => {
    const store = remote<Register, string>(`http://127.0.0.1:${between.port}/registers`, { schedule, retry: 2 })
    stores.push(store)
    const seen = new Map<string, State>()
    return async () => {
      const id = chance.pick(ids)
      const request = pick(id, chance.chance(0.2) ? chance.below(3) : values++, seen.get(id), chance)
      const alone = chance.chance(0.85)
      const result = await record(request, () => (alone ? ask(store, request) : inOne(store, request)))
      if (request.method === 'get') seen.set(id, result as State)
    }
  })
  await Promise.all(stores.map(store => store.close()))
  await between.close()
  await server.close()
  for (const { outcome } of calls) counts[outcome]++
  for (const kind of ['cuts', 'delays', 'doubles'] as const) counts[kind] += between.done[kind]
  return linearizable(calls)
}

function pick(id: string, value: number, seen: State | undefined, chance: Random): Request {
  const ifMatch = seen ?? undefined
  const kind = chance.next()
  if (kind < 0.45) return { method: 'get', id }
  if (kind < 0.55) return { method: 'put', id, value }
  if (kind < 0.75) return { method: 'put', id, value, ifMatch }
  if (kind < 0.8) return { method: 'putIfAbsent', id, value }
  if (kind < 0.9) return { method: 'add', id, value }
  return { method: 'delete', id, ifMatch: kind < 0.95 ? ifMatch : undefined }
}

/** In a transaction, whose commit may be refused since others were faster: that says nothing of the call itself. */
async function inOne(store: RemoteStore<Register, string>, request: Request): Promise<unknown> {
  let committing = false
  try {
    return await transaction(store, async tx => {
      const result = await ask(tx as Registers, request)
      committing = true
      return result
    })
  } catch (error) {
    if (!committing || !isStoreError(error, 'PreconditionFailedError')) throw error
    throw new StoreError('TransactionInactiveError', 'others were faster', { cause: error })
  }
}
