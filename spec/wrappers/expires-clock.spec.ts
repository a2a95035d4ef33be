/** Clocks that jump, random scripts of them, and the timers. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import type { MaybePromise, Store } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { type ExpiringOptions, expires } from '../../wrappers/expires.js'
import { failing } from '../../wrappers/failing.js'
import { child } from '../child.js'
import { take } from '../conformance/case.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { refused } from '../refusal.js'
import { clock } from './held.js'

const hour = 3_600_000
const day = 24 * hour

describe('expires: the clock', () => {
  it('set back, it brings nothing back, and lets nothing live longer than by the jump', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: hour, now: time })
    store.put({ id: 'before' })
    time.time = hour
    expect([store.get('before'), await store.sweep()]).to.deep.equal([undefined, 1])
    time.time = hour - 2 * hour
    expect(store.get('before')).to.equal(undefined)
    store.put({ id: 'after' })
    time.time += 2 * hour
    expect(store.get('after')).to.deep.equal({ id: 'after' })
    time.time += hour
    expect(store.get('after')).to.equal(undefined)
  })

  it('set back before it was swept, it brings nothing back either', () => {
    const time = clock()
    const store = expires(memory(), { ttl: hour, now: time })
    store.put({ id: 1 })
    time.time = hour
    expect(store.count()).to.equal(0)
    time.time = 0
    expect([store.count(), store.get(1), [...store.query()]]).to.deep.equal([0, undefined, []])
  })

  it('set forward, objects expire early', () => {
    const time = clock()
    const store = expires(memory(), { ttl: hour, now: time })
    store.put({ id: 1 })
    time.time = 2 * hour
    expect(store.get(1)).to.equal(undefined)
  })

  it('a ttl of more than 24.8 days is kept', () => {
    const time = clock()
    const store = expires(memory(), { now: time })
    store.put({ id: 1 }, { ttl: 100 * day })
    time.time = 100 * day - 1
    expect(store.get(1)).to.deep.equal({ id: 1 })
    time.time = 100 * day
    expect(store.get(1)).to.equal(undefined)
  })
})

describe('expires: in the background', () => {
  it('sweeps again and again, until it is closed', async () => {
    const time = clock()
    const store = expires(memory(), { ttl: 10, every: 1, now: time })
    const changes = store.subscribe()[Symbol.asyncIterator]()
    for (let round = 1; round <= 2; round++) {
      store.put({ id: round })
      await take(changes, 1)
      time.time = round * 10
      expect(await take(changes, 1)).to.deep.equal([{ type: 'delete', id: round }])
    }
    await store.close()
    await store.close()
    await assert.rejects(store.sweep(), { name: 'InvalidStateError' })
  })

  it('what could not be swept is swept the next time', async () => {
    const time = clock()
    let fail = true
    const inner = failing(memory(), { when: ({ method }) => (fail && method === 'delete' ? 'before' : undefined) })
    const store = expires(inner as Required<Store>, { ttl: 10, every: 1, now: time })
    const changes = store.subscribe()[Symbol.asyncIterator]()
    await store.put({ id: 1 })
    await take(changes, 1)
    time.time = 10
    while (explain(store).numbers.failures === 0) await new Promise(resolve => setTimeout(resolve))
    fail = false
    expect(await take(changes, 1)).to.deep.equal([{ type: 'delete', id: 1 }])
    await store.close()
  })

  it('with a time of more than 24.8 days it waits that long, and keeps no process alive', async () => {
    const run = child('wrappers/expires/wait.ts')
    let said = ''
    run.stdout.on('data', text => {
      said += text
    })
    const [code] = await once(run, 'close')
    expect([code, said]).to.deep.equal([0, 'swept=0\n'])
  })
})

/** What the store should hold: by id, what was put and when it ends. */
type Model = Map<number, { readonly n: number; readonly ends: number; readonly within: number }>

interface Run {
  readonly store: Required<Store>
  readonly chance: Random
  readonly time: { time: number }
  /** The latest time that the store has seen on the clock. */
  latest: number
  /** The time that has really passed. */
  passed: number
  /** How far the clock was set back, in all. */
  back: number
}

describe('expires: random scripts with clocks that jump', () => {
  const seed = newSeed()
  const count = process.env.GATE ? 10_000 : 500
  for (const [kind, open, runs] of [
    ['memory', () => memory(), count],
    ['sqlite', () => sqlite({ path: ':memory:' }), count / 50],
  ] as const) {
    it(`${runs} over ${kind} equal a Map, SEED=${seed}`, async () => {
      for (let run = 0; run < runs; run++) await script(open(), random(seed + run))
    })
  }
})

const ttls = [60_000, hour, 3 * hour, Infinity]

async function script(inner: Store, chance: Random): Promise<void> {
  const time = clock()
  time.time = 1e12
  const standard = chance.pick(ttls)
  const store = expires(inner, { ttl: standard, now: time }) as unknown as Required<Store>
  const run: Run = { store, chance, time, latest: time.time, passed: 0, back: 0 }
  let model: Model = new Map()
  for (let step = 0; step < 25; step++) {
    pass(run)
    if (chance.chance(0.1)) model = await transacted(run, model, standard)
    else if (chance.chance(0.15)) await sweep(run, inner, model)
    else model = await write(store, run, model, standard)
    await compare(store, run, model)
  }
  await inner.close?.()
}

/** Time goes on, and now and then the clock jumps by up to two hours. */
function pass(run: Run): void {
  const { chance, time } = run
  const goesOn = chance.below(20 * 60_000)
  run.passed += goesOn
  const jump = chance.chance(0.15) ? Math.round((chance.next() - 0.5) * 4 * hour) : 0
  run.back += Math.max(0, -jump)
  time.time += goesOn + jump
}

/** The store has asked the clock. */
function asked(run: Run): number {
  run.latest = Math.max(run.latest, run.time.time)
  return run.latest
}

async function write(
  store: Pick<Required<Store>, 'put' | 'add' | 'delete'>,
  run: Run,
  model: Model,
  standard: number,
): Promise<Model> {
  const latest = asked(run)
  const { chance, time, passed, back } = run
  const id = chance.below(4)
  const stored = model.get(id)
  const there = stored !== undefined && stored.ends > latest
  const next = new Map(model)
  const method = chance.pick(['put', 'put', 'add', 'delete'] as const)
  if (method === 'delete') {
    assert.equal(await store.delete(id), there)
    if (there) next.delete(id)
    return next
  }
  const own = chance.chance(0.5) ? { ttl: chance.pick(ttls) } : undefined
  const options: ExpiringOptions & { ifNoneMatch?: '*' } = { ...own, ...(chance.chance(0.2) && { ifNoneMatch: '*' }) }
  const n = chance.below(3)
  const call = () => store[method]({ id, n }, options)
  if (there && (method === 'add' || options.ifNoneMatch)) {
    await refused(call, method === 'add' ? 'ConstraintError' : 'PreconditionFailedError')
    return model
  }
  assert.equal(await call(), id)
  const { ttl = standard } = options
  return next.set(id, { n, ends: latest + ttl, within: passed + ttl + latest - time.time - back })
}

async function transacted(run: Run, model: Model, standard: number): Promise<Model> {
  const tx = (await run.store.transaction()) as unknown as Required<Store>
  let inside = model
  for (let left = run.chance.below(4); left > 0; left--) {
    pass(run)
    inside = await write(tx, run, inside, standard)
    await compare(tx, run, inside)
  }
  const end = run.chance.chance(0.3) ? 'abort' : 'commit'
  await (tx as unknown as Record<string, () => MaybePromise<void>>)[end]?.()
  return end === 'abort' ? model : inside
}

async function sweep(run: Run, inner: Store, model: Model): Promise<void> {
  const latest = asked(run)
  await (run.store as unknown as { sweep(): Promise<number> }).sweep()
  assert.equal(await inner.count?.(), [...model.values()].filter(({ ends }) => ends > latest).length)
}

async function compare(store: Pick<Required<Store>, 'get' | 'query' | 'count'>, run: Run, model: Model): Promise<void> {
  asked(run)
  const alive = [...model].filter(([, { ends }]) => ends > run.latest).sort(([a], [b]) => a - b)
  // whatever the clock did, nothing lives longer than its time and what the clock was set back
  for (const [, { within }] of alive) assert.ok(run.passed < within + run.back)
  const found: unknown[] = []
  for await (const each of store.query('n<2')) found.push(each)
  assert.deepEqual(
    found,
    alive.filter(([, { n }]) => n < 2).map(([id, { n }]) => ({ id, n })),
  )
  assert.equal(await store.count(), alive.length)
  const id = run.chance.below(4)
  assert.deepEqual(await store.get(id), alive.filter(([each]) => each === id).map(([id, { n }]) => ({ id, n }))[0])
}
