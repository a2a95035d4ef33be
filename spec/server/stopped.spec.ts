/** A server that is asked to end: what is in flight is answered, what comes later is refused, nothing acknowledged is lost. */
import { once } from 'node:events'
import { expect } from 'chai'
import { Pool } from 'undici'
import { sqlite } from '../../stores/sqlite.js'
import { type Child, child } from '../child.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { folder } from '../stores/json-file/folder.js'
import { raw } from './socket.js'

const runs = process.env.GATE ? 100 : 1
const inFlight = 100

describe('server, stopped', function () {
  this.timeout(3_600_000)
  const { path, clear } = folder()

  const seed = newSeed()
  it(`${runs} times by SIGTERM while ${inFlight} write, SEED=${seed}`, async () => {
    const chance = random(seed)
    const counts = { acknowledged: 0, refused: 0 }
    for (let left = runs; left > 0; left--) {
      await stop(chance, counts)
      clear()
    }
    if (process.env.GATE) console.log('     ', JSON.stringify(counts))
    expect(Math.min(counts.acknowledged, counts.refused)).to.be.greaterThan(0)
  })

  async function stop(chance: Random, counts: { acknowledged: number; refused: number }): Promise<void> {
    const running: Child = child('server/killable.ts', 'sqlite', path('.'), '0', '0', '0')
    const [url] = await once(running.stdout.setEncoding('utf8'), 'data')
    const origin = (url as string).trim()
    const pool = new Pool(origin, { connections: inFlight })
    const acknowledged: string[] = []
    let stopped = false
    let sent = 0

    /** Writes one after the other until it is refused. */
    async function writer(by: number): Promise<void> {
      for (let n = 0; ; n++) {
        const id = `${by}.${n}`
        sent++
        try {
          const headers = { 'content-type': 'application/json' }
          const { statusCode, body } = await pool.request({ method: 'PUT', path: `/things/${id}`, headers, body: '{}' })
          await body.dump()
          expect(statusCode).to.equal(201)
          acknowledged.push(id)
        } catch (error) {
          // no answer, or none of a server: never one that says something wrong
          expect((error as { code?: string }).code).to.be.oneOf([
            'ECONNREFUSED',
            'ECONNRESET',
            'EPIPE',
            'UND_ERR_SOCKET',
          ])
          expect(stopped).to.equal(true)
          counts.refused++
          return
        }
      }
    }

    const held = await pool.request({ method: 'GET', path: '/things/$changes' })
    const holding = pool.request({ method: 'POST', path: '/things/$call/hold' })
    const { port } = new URL(origin)
    const following = await raw(Number(port))
    following.write('GET /things/$changes HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await following.until(/id: live/)
    const idle = await raw(Number(port))
    const writing = Array.from({ length: inFlight - 2 }, (_, by) => writer(by))
    const moment = chance.below(400)
    while (acknowledged.length < moment) await new Promise(setImmediate)
    stopped = true
    const since = performance.now()
    running.kill('SIGTERM')
    const closed = once(running, 'close')
    expect(await (await holding).body.json()).to.equal('done')
    // a clean end: not cut off in the middle
    expect((await following.end).endsWith('\r\n0\r\n\r\n')).to.equal(true)
    await held.body.dump()
    await idle.end
    await Promise.all(writing)
    await closed
    expect([running.exitCode, running.signalCode]).to.deep.equal([0, null])
    // it waits for nobody who has nothing to be answered
    expect(performance.now() - since).to.be.lessThan(2500)
    await pool.close()
    counts.acknowledged += acknowledged.length
    const things = sqlite({ path: path('data'), table: 'things' })
    expect(acknowledged.filter(id => things.get(id) === undefined)).to.deep.equal([])
    expect(things.count()).to.be.within(acknowledged.length, sent)
    things.close()
  }
})
