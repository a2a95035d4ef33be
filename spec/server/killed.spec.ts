/** A server that is killed between the effect and the answer: what is sent again is done once, and what is said is true. */
import { once } from 'node:events'
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { transaction } from '../../lib/transaction.js'
import { directory } from '../../stores/directory.js'
import { jsonFile } from '../../stores/json-file.js'
import { type Fetch, type RemoteStore, remote } from '../../stores/remote.js'
import { sqlite } from '../../stores/sqlite.js'
import { type Child, child } from '../child.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'

interface Thing {
  id?: string
  by: number
  n: number
}
type Things = RemoteStore<Thing, string>

const clients = 4
const kills = process.env.GATE ? { sqlite: 300, directory: 40, 'json-file': 40 } : { sqlite: 3 }

describe('server, killed', function () {
  this.timeout(3_600_000)
  const { path } = folder()

  for (const [kind, times] of Object.entries(kills)) {
    const seed = newSeed()
    it(`${times} times over ${kind}: done once, and told as it was, SEED=${seed}`, async () => {
      const counts = await run(kind, times, random(seed))
      if (process.env.GATE) console.log(`      ${kind}:`, JSON.stringify(counts))
      expect(counts.ok).to.be.greaterThan(times)
    })
  }

  async function run(kind: string, times: number, chance: Random) {
    let port = 0
    let running: Child
    let over = false
    const counts = { ok: 0, unknown: 0, unreached: 0, replayed: 0 }

    async function start(last = false): Promise<Child> {
      const writes = last ? 0 : 1 + chance.below(12)
      const given = [kind, path('.'), port, writes, chance.below(24)].map(String)
      const started = child('server/killable.ts', ...given)
      const [url] = await once(started.stdout.setEncoding('utf8'), 'data')
      port = Number(new URL(url).port)
      return started
    }

    async function killing(): Promise<void> {
      for (let left = times; left > 0; left--) {
        await once(running, 'close')
        expect(running.signalCode).to.equal('SIGKILL')
        running = await start(left === 1)
      }
      over = true
    }

    const fetching: Fetch = async (url, sent) => {
      const answer = await fetch(url, sent)
      if (answer.headers.has('idempotency-replayed')) counts.replayed++
      return answer
    }
    const soon = (work: () => void, milliseconds: number) => {
      const timer = setTimeout(work, milliseconds > 5000 ? milliseconds : 20)
      return () => clearTimeout(timer)
    }

    running = await start()
    const killed = killing()
    const stores: Things[] = []
    const added = new Map<string, Thing>()
    async function client(by: number): Promise<void> {
      const options = { fetch: fetching, retry: 1000, schedule: soon }
      const things = remote<Thing, string>(`http://127.0.0.1:${port}/things`, options)
      stores.push(things)
      const keyed = kind === 'sqlite' ? [adding(things, by, added), counting(things, by), together(things, by)] : []
      const works = [replacing(things, by, counts), ...keyed]
      while (!over) {
        await chance.pick(works)()
        counts.ok++
      }
    }
    await Promise.all(Array.from({ length: clients }, (_, by) => client(by)))
    await killed
    await Promise.all(stores.map(store => store.close()))
    running.kill('SIGTERM')
    await once(running, 'close')
    expect([running.exitCode, running.signalCode]).to.deep.equal([0, null])
    await compare(await opened(kind, path('data')), added)
    return counts
  }
})

/** A new object, whose id the server makes: it is there once. */
function adding(things: Things, by: number, added: Map<string, Thing>) {
  let n = 0
  return async () => {
    const thing = { by, n: ++n }
    const id = await things.add(thing)
    added.set(id, thing)
  }
}

/** By comparing and swapping: nobody else writes here, so each must succeed. */
function counting(things: Things, by: number) {
  const id = `counted ${by}`
  let n = 0
  return async () => {
    const found = await things.get(id)
    expect(found?.n ?? 0).to.equal(n)
    await things.put({ id, by, n: ++n }, found ? { ifMatch: found } : { ifNoneMatch: '*' })
  }
}

/** Two in one transaction. */
function together(things: Things, by: number) {
  const ids = [`left ${by}`, `right ${by}`]
  let n = 0
  return () =>
    transaction(things, async tx => {
      const found = await Promise.all(ids.map(id => tx.get(id)))
      expect(found.map(each => each?.n ?? 0)).to.deep.equal([n, n])
      n++
      for (const id of ids) await tx.put({ id, by, n })
    })
}

/** Without a condition nothing is sent twice: if no answer came it is unknown, and then it is there or not. */
function replacing(things: Things, by: number, counts: { unknown: number; unreached: number }) {
  const id = `put ${by}`
  let n = 0
  return async () => {
    const before = n
    const said = await things.put({ id, by, n: ++n }).then(
      () => 'ok',
      error => {
        expect(isStoreError(error), String(error)).to.equal(true)
        return error.name as string
      },
    )
    const stored = (await things.get(id))?.n ?? 0
    const possible = { ok: [n], OutcomeUnknownError: [before, n], NetworkError: [before] }[said]
    expect(possible, said).to.include(stored)
    n = stored
    if (said === 'OutcomeUnknownError') counts.unknown++
    if (said === 'NetworkError') counts.unreached++
  }
}

async function opened(kind: string, path: string) {
  if (kind === 'sqlite') return sqlite<Thing, string>({ path, table: 'things' })
  return kind === 'directory' ? directory<Thing, string>({ path }) : jsonFile<Thing, string>({ path })
}

/** Each was added once, under the id that was told. */
async function compare(store: Awaited<ReturnType<typeof opened>>, added: ReadonlyMap<string, Thing>): Promise<void> {
  const named = / /
  const there = new Map<string, Thing>()
  for await (const { id = '', ...thing } of store.query?.() ?? []) if (!named.test(id)) there.set(id, thing)
  expect(there).to.deep.equal(added)
  await store.close?.()
}
