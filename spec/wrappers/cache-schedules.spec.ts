/**
 * Three clients of a cache, with every call below it delayed before and after, in an order that a seed decides. As long as all
 * writes come through it, a cache must not be told from the store: what it gives was true at some time during the call.
 */
import assert from 'node:assert/strict'
import { isStoreError, StoreError } from '../../lib/errors.js'
import type { Data, Id, MaybePromise, Store, Transaction } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import { type CacheOptions, cache } from '../../wrappers/cache.js'
import { all } from '../conformance/case.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { type Schedule, schedule } from '../schedule/schedule.js'
import { type Faults, scheduled } from '../schedule/scheduled.js'
import { type States, states } from '../schedule/states.js'

type Cached = Required<Store<Data, Id>>
const ids = ['a', 'b', 7]
const runs = process.env.GATE ? 20_000 : 1000
const steps = 6

describe('cache, scheduled', () => {
  const seed = newSeed()

  it(`gives nothing stale and nothing dirty in ${runs} schedules, SEED=${seed}`, async function () {
    this.timeout(600_000)
    for (let run = 0; run < runs; run++) await within(seed + run, alone)
  })

  it(`sees what others write within its ttl, SEED=${seed}`, async function () {
    this.timeout(600_000)
    for (let run = 0; run < runs / 10; run++) await within(seed + run, beside)
  })

  it(`sees what others write where it follows them, SEED=${seed}`, async function () {
    this.timeout(600_000)
    for (let run = 0; run < runs / 10; run++) await within(seed + run, following)
  })
})

async function within(seed: number, test: (chance: Random) => Promise<void>): Promise<void> {
  try {
    await test(random(seed))
  } catch (cause) {
    throw new Error(`SEED=${seed}: ${(cause as Error).message}`, { cause })
  }
}

/** All write through the cache. */
async function alone(chance: Random): Promise<void> {
  const { below, history, turns } = stack(chance)
  const store = cached(below, chance, turns)
  const since = () => history.now
  await turns.run(...Array.from({ length: 3 }, () => () => client(store, chance, history, since)))
  await turns.run(() => settledState(store, history))
}

/** One writes past it: what is given may be as old as the ttl. */
async function beside(chance: Random): Promise<void> {
  const { below, history, turns } = stack(chance)
  const ttl = 1 + chance.below(20)
  const store = cache(below, { max: 3, ttl, clock: () => turns.steps }) as Cached
  const since = () => history.at(turns.steps - ttl)
  const other = () => client(below, chance, history, since)
  await turns.run(other, ...Array.from({ length: 2 }, () => () => client(store, chance, history, since)))
}

/** One writes past it, and it follows: in the end it knows. */
async function following(chance: Random): Promise<void> {
  const { below, history, turns } = stack(chance)
  const store = cached(below, chance, turns, { subscribe: true })
  const other = () => client(below, chance, history, () => 0)
  await turns.run(other, ...Array.from({ length: 2 }, () => () => client(store, chance, history, () => 0)))
  await turns.run(() => settledState(store, history))
}

function stack(chance: Random) {
  const turns = schedule(chance)
  const { noted, history } = states<Data>(memory() as never, ids, () => turns.steps)
  return { turns, history, below: scheduled(noted, turns, faulty(chance)) as Cached }
}

function cached(below: Cached, chance: Random, turns: Schedule, others: Partial<CacheOptions> = {}): Cached {
  const elsewhere = chance.chance(0.3)
  return cache(below, {
    max: chance.pick([1, 2, 10]),
    ...(chance.chance(0.3) && { negativeTtl: 5 }),
    ...(chance.chance(0.5) && { ttl: 10, staleWhileRevalidate: chance.pick([0, 10]), clock: () => turns.steps }),
    ...(elsewhere ? { store: scheduled(memory(), turns, faulty(chance)) } : { queries: chance.chance(0.5) }),
    ...others,
  }) as Cached
}

function faulty(chance: Random): Faults {
  return method => {
    if (method === 'abort' || !chance.chance(0.05)) return undefined
    const late = chance.chance(0.5)
    return late && method !== 'transaction'
      ? { when: 'after', error: new StoreError('OutcomeUnknownError', `nobody knows about this ${method}`) }
      : { when: 'before', error: new StoreError('QuotaExceededError', `no room for this ${method}`) }
  }
}

let written = 0

/** Does random things, and checks all that it is told. */
async function client(store: Cached, chance: Random, history: States<Data>, since: () => number): Promise<void> {
  for (let left = steps; left > 0; left--) {
    const id = chance.pick(ids)
    try {
      await step(store, id, chance, { history, since })
    } catch (error) {
      if (!isStoreError(error)) throw error
    }
  }
}

interface Truth {
  readonly history: States<Data>
  /** The number of the oldest state that an answer to a question asked now may be of. */
  since(): number
}

async function step(store: Cached, id: Id, chance: Random, { history, since }: Truth): Promise<void> {
  const kind = chance.below(12)
  const from = since()
  if (kind < 5) {
    const { signal } = new AbortController()
    const got = kind === 0 ? await store.get(id, { signal }) : await store.get(id)
    const fits = history.fits(from, state => state.get(id)?.n === got?.n)
    assert.ok(fits, `get(${id}) gave ${JSON.stringify(got)}, which was not true`)
  } else if (kind === 5) {
    const found = (await all(store, 'sort(n)')).map(({ n }) => n)
    const sorted = (state: ReadonlyMap<Id, Data>) => [...state.values()].map(({ n }) => Number(n)).sort((a, b) => a - b)
    const fits = history.fits(from, state => sorted(state).join() === found.join())
    assert.ok(fits, `a query gave ${found}, which was not true`)
  } else if (kind === 6) {
    const count = await store.count()
    const fits = history.fits(from, state => state.size === count)
    assert.ok(fits, `there never were ${count}`)
  } else if (kind < 9) {
    await store.put({ id, n: ++written })
  } else if (kind === 9) {
    await store.delete(id)
  } else {
    await transacted(store, chance)
  }
}

async function transacted(store: Cached, chance: Random): Promise<void> {
  const tx = (await store.transaction()) as Required<Transaction<Data, Id>>
  try {
    for (let left = 1 + chance.below(2); left > 0; left--) {
      const id = chance.pick(ids)
      const n = ++written
      await tx.put({ id, n })
      assert.equal((await tx.get(id))?.n, n)
    }
    if (chance.chance(0.3)) await tx.prepare()
    if (chance.chance(0.7)) await tx.commit()
  } finally {
    await tx.abort()
  }
}

/** When all is quiet, what the cache gives is what is there. */
async function settledState(store: Cached, history: States<Data>): Promise<void> {
  for (const id of ids) {
    const from = history.now
    const got = await insist(() => store.get(id))
    const fits = history.fits(from, state => state.get(id)?.n === got?.n)
    assert.ok(fits, `in the end get(${id}) gave ${JSON.stringify(got)}`)
  }
}

/** Asks again until it is not refused. */
async function insist<R>(work: () => MaybePromise<R>): Promise<R> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isStoreError(error)) throw error
    }
  }
}
