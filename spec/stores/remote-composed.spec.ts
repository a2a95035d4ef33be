import { expect } from 'chai'
import { explain } from '../../lib/explain.js'
import { transaction } from '../../lib/transaction.js'
import { memory } from '../../stores/memory.js'
import { type Fetch, remote } from '../../stores/remote.js'
import { cache } from '../../wrappers/cache.js'
import { replicated } from '../../wrappers/replicated.js'
import { newSeed, random } from '../oracle/random.js'
import { listed, outcome } from './remote/canned.js'
import { serving, url } from './remote/serving.js'

/** A way to the server that can be down: then nothing gets there, or what gets there is not answered. */
function shaky(fetch: Fetch) {
  const state = { mode: 'up' as 'up' | 'down' | 'mute', requests: 0 }
  const reached: Fetch = async (to, sent) => {
    if (state.mode === 'down') throw Object.assign(new TypeError('fetch failed'), { cause: { syscall: 'connect' } })
    state.requests++
    const response = await fetch(to, sent)
    // it was down before the answer was there
    if (state.mode !== 'up') throw new TypeError('terminated')
    return response
  }
  return { state, fetch: reached }
}

const quick = { retry: 0, timeout: 5000 }

describe('remote, with stores around it', () => {
  it('cache: an object is asked for once, and again when others have changed it', async () => {
    const server = serving()
    const way = shaky(server)
    const others = remote(url, { fetch: server })
    await others.put({ id: 1, n: 1 })
    const store = cache(remote<{ id: number; n: number }, number>(url, { fetch: way.fetch }), {
      max: 10,
      subscribe: true,
    })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 1 })
    const { requests } = way.state
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 1 })
    expect(way.state.requests).to.equal(requests)
    await others.put({ id: 1, n: 2 })
    while (store.stats().entries > 0) await new Promise(setImmediate)
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 2 })
    await store.close()
    await others.close()
  })

  it('cache: what it wrote itself is seen at once, in a transaction too', async () => {
    const store = cache(remote<{ id: number; n: number }, number>(url, { fetch: serving() }), { max: 10 })
    await store.put({ id: 1, n: 1 })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 1 })
    await transaction(store, async tx => void (await tx.put({ id: 1, n: 2 })))
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 2 })
    await store.close()
  })

  it('replicated: what is written while the server is away is there when it is back', async () => {
    const kept = memory()
    const way = shaky(serving(kept))
    const far = remote(url, { ...quick, fetch: way.fetch })
    const store = replicated(memory(), { far }, { log: memory(), schedule: soon })
    await store.put({ id: 1, n: 1 })
    await store.settled()
    way.state.mode = 'down'
    await store.put({ id: 1, n: 2 })
    await store.add({ id: 2 })
    await transaction(store, async tx => {
      await tx.put({ id: 3 })
      await tx.delete(2)
    })
    expect(await store.get(1)).to.deep.equal({ id: 1, n: 2 })
    while (store.lag().far?.error === undefined) await new Promise(setImmediate)
    expect([...kept.query()]).to.deep.equal([{ id: 1, n: 1 }])
    way.state.mode = 'up'
    await store.settled()
    expect([...kept.query()]).to.deep.equal([{ id: 1, n: 2 }, { id: 3 }])
    await store.close()
  })

  it('replicated: after any sequence of writes and failures the server holds what the primary holds', async () => {
    const seed = newSeed()
    const chance = random(seed)
    const kept = memory()
    const way = shaky(serving(kept))
    const primary = memory()
    const far = remote(url, { ...quick, fetch: way.fetch })
    const store = replicated(primary, { far }, { log: memory(), schedule: soon })
    for (let step = 0; step < 150; step++) {
      way.state.mode = chance.pick(['up', 'up', 'down', 'mute'])
      const id = chance.below(8)
      if (chance.chance(0.3)) await store.delete(id)
      else await store.put({ id, step })
      if (chance.chance(0.3)) await new Promise(setImmediate)
    }
    way.state.mode = 'up'
    await store.settled()
    expect([...kept.query()], `SEED=${seed}`).to.deep.equal([...primary.query()])
    await store.close()
  })

  it('several clients: of 4 × 25 increments in transactions, done again when others were first, none is lost', async () => {
    const fetch = serving()
    const clients = Array.from({ length: 4 }, () => remote<{ id: string; n: number }, string>(url, { fetch }))
    const increment = async (client: (typeof clients)[number]): Promise<void> => {
      const end = await outcome(() =>
        transaction(client, async tx => {
          const { n = 0 } = (await tx.get('n')) ?? {}
          await tx.put({ id: 'n', n: n + 1 })
        }),
      )
      if (end === 'PreconditionFailedError') return increment(client)
      expect(end).to.equal(undefined)
    }
    await Promise.all(
      clients.map(async client => {
        for (let times = 0; times < 25; times++) await increment(client)
      }),
    )
    expect(await clients[0]?.get('n')).to.deep.equal({ id: 'n', n: 100 })
  })

  it('several clients: what a transaction has queried and counted may not have changed either', async () => {
    const fetch = serving()
    const [one, two] = [remote<{ id: number; n?: number }, number>(url, { fetch }), remote(url, { fetch })]
    await one.put({ id: 1, n: 1 })
    const reads: ((tx: Pick<typeof one, 'query' | 'count' | 'get'>) => Promise<unknown>)[] = [
      tx => listed(tx.query('n>0')),
      tx => tx.count('n>0'),
      tx => tx.get(2),
      tx => listed(tx.query('n=$1', { parameters: [{ deep: 1 }] })),
    ]
    const changes = [
      { id: 2, n: 2 },
      { id: 3, n: 3 },
      { id: 2, n: 4 },
      { id: 4, n: { deep: 1 } },
    ]
    for (const [at, read] of reads.entries()) {
      const work = () =>
        transaction(one, async tx => {
          await read(tx)
          if (at !== 2 || !(await two.get(2))) await two.put({ ...changes[at] })
          else await two.delete(2)
          await tx.put({ id: 100 + at })
        })
      expect(await outcome(work), `read ${at}`).to.equal('PreconditionFailedError')
      expect(await one.get(100 + at)).to.equal(undefined)
    }
    expect(await outcome(() => transaction(one, async tx => void (await tx.put({ id: 9 }))))).to.equal(undefined)
  })

  it('is explained, without what is secret', async () => {
    const store = remote('http://host/api/users/', { headers: { authorization: 'secret' }, fetch: serving() })
    expect(`${explain(store)}`).to.equal('remote url=http://host/api/users requests=0 repeated=0 lost=0')
    expect(explain(store).bypassed).to.equal(true)
  })
})

function soon(work: () => void): () => void {
  const timer = setImmediate(work)
  return () => clearImmediate(timer)
}
