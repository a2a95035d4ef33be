/** Streams of any length, and clients that leave at any time. */
import { expect } from 'chai'
import { permissive } from '../../models/facet.js'
import { handler } from '../../server/handler.js'
import { newSeed, random } from '../oracle/random.js'
import { closeAll, raw, serving, statusesIn } from './socket.js'
import { anyModel } from './world.js'

const disconnects = process.env.GATE ? 5000 : 150
const many = process.env.GATE ? 100_000 : 10_000

describe('server: streams', () => {
  afterEach(closeAll)

  it(`${many} objects go out and in through a memory that does not grow with them`, async function () {
    this.timeout(120_000)
    const objects = Array.from({ length: many }, (_, n) => ({ id: `n${n}`, n, text: 'x'.repeat(200) }))
    const serve = handler({ any: permissive(anyModel(objects)) })
    const response = await serve(new Request('http://x/any', { headers: { accept: 'application/x-ndjson' } }))
    let size = 0
    let lines = 0
    let most = 0
    const before = process.memoryUsage().rss
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      size += chunk.length
      for (const byte of chunk) if (byte === 10) lines++
      most = Math.max(most, process.memoryUsage().rss)
    }
    expect(lines).to.equal(many)
    expect(most - before, `${size} bytes`).to.be.lessThan(50 * 2 ** 20)

    const Other = anyModel()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = objects.splice(0, 500)
        if (piece.length === 0) return controller.close()
        controller.enqueue(new TextEncoder().encode(piece.map(each => `${JSON.stringify(each)}\n`).join('')))
      },
    })
    const handle = handler({ any: permissive(Other) })
    const init = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body, duplex: 'half' as const }
    const stored = await handle(new Request('http://x/any', init))
    expect(await stored.json()).to.deep.equal({ count: many })
    expect(await Other.count()).to.equal(many)
  })

  it(`${disconnects} clients leave in the middle, and each write is whole or not there`, async function () {
    this.timeout(disconnects * 40 + 20_000)
    const seed = newSeed()
    const chance = random(seed)
    const Any = anyModel()
    const errors: unknown[] = []
    const limits = { requestsPerSocket: 1e6, bodyTime: 500, headerTime: 500 }
    const { port, ask } = await serving({ any: permissive(Any) }, { limits, onError: error => errors.push(error) })
    const told = new Set<number>()
    async function client(from: number): Promise<void> {
      for (let n = from; n < disconnects; n += 10) {
        const body = JSON.stringify({ n, text: 'x'.repeat(chance.below(3000)) })
        const head = `PUT /any/k${n} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`
        const text = `${head}${body}`
        const { socket, write, end, until } = await raw(port)
        const whole = chance.chance(0.5)
        write(whole ? text : text.slice(0, chance.below(text.length)))
        if (whole && chance.chance(0.5)) await until(/HTTP/)
        if (chance.chance(0.5)) socket.resetAndDestroy()
        else socket.destroy()
        if (statusesIn(await end).includes(201)) told.add(n)
      }
    }
    await Promise.all(Array.from({ length: 10 }, (_, at) => client(at)))
    expect((await ask('GET', '/any/$count')).status).to.equal(200)
    const stored = new Set<number>()
    for await (const { id, n, text } of Any.query()) {
      expect([id, typeof text], `seed ${seed}`).to.deep.equal([`k${n}`, 'string'])
      stored.add(n as number)
    }
    for (const n of told) expect(stored, `seed ${seed}`).to.include(n)
    expect(stored.size).to.be.greaterThan(0)
    expect(errors).to.deep.equal([])
  })
})
