/** Clients that leave in the middle: what they asked for is done, or it is not, and never by half. */
import { expect } from 'chai'
import { permissive } from '../../models/facet.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { closeAll, raw, serving, statusesIn } from './socket.js'
import { anyModel } from './world.js'

const clients = process.env.GATE ? 5000 : 200
const together = 20

/** Two objects of one number, which are there together or not at all. */
function request(number: number): string {
  const put = (name: string) => ({
    method: 'PUT',
    path: `/any/${name}${number}`,
    body: { number, text: 'x'.repeat(99) },
  })
  const body = JSON.stringify([put('a'), put('b')])
  const head = `POST /$batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
  return `${head}\r\n\r\n${body}`
}

type Fate = 'done' | 'not done' | 'either'

/** Says some of it, or all, and leaves: at once, a little later, or when the answer begins. */
async function leave(port: number, number: number, { chance, below, pick }: Random): Promise<Fate> {
  const text = request(number)
  const said = chance(0.3) ? below(text.length) : text.length
  const { socket, write, until, end } = await raw(port)
  write(text.slice(0, said))
  const when = said < text.length ? 'later' : pick(['at once', 'later', 'answered'])
  if (when === 'later') await new Promise(resolve => setImmediate(resolve))
  const answer = when === 'answered' ? await until(/^HTTP\/1\.1 \d{3} /) : ''
  if (chance(0.5)) socket.resetAndDestroy()
  else socket.destroy()
  await end
  if (said < text.length) return 'not done'
  return statusesIn(answer)[0] === 200 ? 'done' : 'either'
}

describe('server: clients that leave', () => {
  afterEach(closeAll)

  const seed = newSeed()
  it(`${clients} of them, and nothing is done by half, SEED=${seed}`, async function () {
    this.timeout(600_000)
    const any = anyModel()
    const { port, close, ask } = await serving({ any: permissive(any) })
    const chance = random(seed)
    const fates: Fate[] = []
    while (fates.length < clients) {
      const numbers = Array.from({ length: together }, (_, at) => fates.length + at)
      fates.push(...(await Promise.all(numbers.map(number => leave(port, number, chance)))))
    }
    expect((await ask('GET', '/any/$count')).status).to.equal(200)
    await close()
    for (const [number, fate] of fates.entries()) {
      const there = [await any.get(`a${number}`), await any.get(`b${number}`)].filter(Boolean)
      expect(there.length, `${number}: ${fate}`).to.be.oneOf({ done: [2], 'not done': [0], either: [0, 2] }[fate])
    }
    expect(new Set(fates)).to.deep.equal(new Set(['done', 'not done', 'either']))
  })
})
