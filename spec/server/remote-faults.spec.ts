/** Whatever happens to a connection, what `remote` says of a write is true. */
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import type { Change } from '../../lib/store.js'
import { transaction } from '../../lib/transaction.js'
import { permissive } from '../../models/facet.js'
import { modelWith } from '../../models/model.js'
import { listen } from '../../server/listen.js'
import { memory } from '../../stores/memory.js'
import { type RemoteStore, remote } from '../../stores/remote.js'
import { newSeed, random } from '../oracle/random.js'
import { type Fault, type FaultyProxy, proxy } from './remote-proxy.js'

type Remote = RemoteStore<{ id?: string; n?: number }, string>

const stored = { id: 'a', n: 1 }
/** What each call changes, and what it gives. */
const calls: Readonly<Record<string, { call(store: Remote): Promise<unknown>; gives: unknown; changes: number }>> = {
  get: { call: store => store.get('a'), gives: stored, changes: 0 },
  put: { call: store => store.put({ id: 'a', n: 2 }), gives: 'a', changes: 1 },
  'put with ifMatch': { call: store => store.put({ id: 'a', n: 2 }, { ifMatch: stored }), gives: 'a', changes: 1 },
  add: { call: store => store.add({ id: 'b', n: 1 }), gives: 'b', changes: 1 },
  'delete with ifMatch': { call: store => store.delete('a', { ifMatch: stored }), gives: true, changes: 1 },
  commit: {
    call: store =>
      transaction(store, async tx => {
        const { n = 0 } = (await tx.get('a')) ?? {}
        await tx.put({ id: 'a', n: n + 1 })
        await tx.put({ id: 'c', n })
        return n
      }),
    gives: 1,
    changes: 2,
  },
}

const kinds = ['cut', 'reset', 'stall'] as const
const directions = ['request', 'response'] as const

describe('remote, with a connection that fails at any byte', function () {
  this.timeout(3_600_000)
  const Model = modelWith(() => memory())
  let inner: ReturnType<typeof memory>
  let server: Awaited<ReturnType<typeof listen>>
  let between: FaultyProxy
  let store: Remote
  let honest: Remote
  let lengths: FaultyProxy['passed']

  before(async () => {
    inner = memory()
    server = await listen({ things: permissive(Model(inner, {}) as object) }, { limits: { requestsPerSocket: 1e6 } })
    between = await proxy(Number(new URL(server.url).port))
    const options = { timeout: 60, retry: 1, schedule: soon, random: () => 0 }
    store = remote(`http://127.0.0.1:${between.port}/things`, options)
    honest = remote(new URL('/things', server.url))
  })
  after(async () => {
    between.drop()
    await store.close()
    await honest.close()
    await between.close()
    await server.close()
  })

  /** Does the call with the fault and compares what it said with what the store holds. */
  async function check(name: string, fault: Fault | undefined): Promise<string> {
    const { call, gives, changes } = calls[name] as (typeof calls)[string]
    for (const each of [...inner.query()]) inner.delete((each as { id: string }).id)
    inner.put(stored)
    const seen: Change[] = []
    const ending = new AbortController()
    const following = follow(inner.subscribe('', { signal: ending.signal }), seen)
    between.plan(fault)
    const said = await outcome(() => call(store))
    const { passed } = between
    between.plan(undefined)
    if (!fault) lengths = passed
    if (fault) between.drop()
    // what has arrived is worked on before this is
    await honest.get('a')
    ending.abort()
    await following
    const what = `${name}, ${JSON.stringify(fault)}: ${JSON.stringify(said)}, ${seen.length} changes`
    expect(seen.length, `doubled: ${what}`).to.be.oneOf([0, changes])
    if ('ok' in said) {
      expect(said.ok, `wrong: ${what}`).to.deep.equal(gives)
      expect(seen.length, `wrong ok: ${what}`).to.equal(changes)
      return 'ok'
    }
    if (said.error !== 'OutcomeUnknownError') expect(seen.length, `wrong failed: ${what}`).to.equal(0)
    return said.error
  }

  for (const name of Object.keys(calls)) {
    it(name, async () => {
      // once to open the connection, once to count
      await check(name, undefined)
      await check(name, undefined)
      expect(Math.min(lengths.request, lengths.response)).to.be.greaterThan(100)
      const points = directions.flatMap(direction =>
        Array.from({ length: lengths[direction] }, (_, at) => kinds.map(kind => ({ kind, direction, at }))).flat(),
      )
      const seed = newSeed()
      const chance = random(seed)
      const chosen = process.env.GATE ? points : Array.from({ length: 10 }, () => chance.pick(points))
      const said: Record<string, number> = {}
      for (const point of chosen) {
        const outcome = await check(name, point).catch(error => {
          throw new Error(`${(error as Error).message}, SEED=${seed}`)
        })
        said[outcome] = (said[outcome] ?? 0) + 1
      }
      if (process.env.GATE) console.log(`      ${name}: ${points.length} points,`, JSON.stringify(said))
    })
  }
})

async function follow(changes: AsyncIterable<Change>, seen: Change[]): Promise<void> {
  for await (const change of changes) seen.push(change)
}

async function outcome(work: () => Promise<unknown>): Promise<{ readonly ok: unknown } | { readonly error: string }> {
  try {
    return { ok: await work() }
  } catch (error) {
    expect(isStoreError(error), String(error)).to.equal(true)
    return { error: (error as Error).name }
  }
}

/** Pauses between attempts are short; the time limit is what it is. */
function soon(work: () => void, milliseconds: number): () => void {
  const timer = setTimeout(work, milliseconds === 60 ? 60 : 1)
  return () => clearTimeout(timer)
}
