/** Requests that nobody should send: none may crash the server, hang, or be answered by a status that is not in the table. */
import { expect } from 'chai'
import { newSeed, type Random, random } from '../oracle/random.js'
import { closeAll, raw, serving, statusesIn } from './socket.js'

const requests = process.env.GATE ? 100_000 : 500
const listed = new Set([
  200, 201, 204, 206, 304, 400, 403, 404, 405, 406, 408, 409, 412, 413, 414, 415, 416, 417, 421, 422, 431, 501, 503,
])

const methods = [
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'BREW',
  'get',
  '',
  'QUERY',
  'LINK',
]
const names = ['people', 'shown', 'box', 'nobody', '__proto__', 'constructor', '$batch', 'openapi.json', '']
const segments = [
  '1',
  '9',
  '$query',
  '$count',
  '$call',
  '$changes',
  '$.',
  '%2e%2e',
  '%zz',
  '%00',
  'version',
  'greet',
  '..',
  '\u00ff',
]
const queries = [
  '',
  '?',
  '?age>30',
  '?sort(-age)&limit(2)',
  '?((((',
  '?limit=-1',
  '?limit=99999999999999999999',
  '?range=[',
  '?filter={"a":{}}',
  '?a=re:(a+)+$',
  '?in(id,(1,2',
  '?%',
  '?%00',
  '?limit(1e9)',
  '?__proto__=1',
  '?or(',
  '?aggregate(count())',
  '?rel(x,y)',
]
const headers = [
  'If-Match: *',
  'If-Match: "x"',
  'If-None-Match: *',
  'Range: items=0-1',
  'Range: items=9999-',
  'Range: bytes=a-b',
  'Accept: text/csv',
  'Accept: ;;;,,,',
  'Accept: application/x-ndjson',
  'Content-Type: text/csv',
  'Content-Type: application/vnd.holdfast+json',
  'Content-Type: application/json-patch+json',
  'Content-Type: application/x-ndjson',
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  'Idempotency-Key: a',
  'Prefer: return=minimal',
  'Accept-Encoding: gzip',
  'X\u0001: y',
  'Content-Length: 99',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Connection: upgrade\r\nUpgrade: websocket',
  'Host: evil',
  ': x',
  'Last-Event-ID: 7',
]
const bodies = [
  '{}',
  '[]',
  '{"name":"x"}',
  '{"name":',
  '[{"op":"add","path":"/a","value":1}]',
  '[{"path":"/people/1"}]',
  '{"__proto__":{"a":1}}',
  '{"$date":"x"}',
  '"',
  'null',
  'name\nx',
  '\u0000\u00ff',
  '[[[[[[[[',
  '{"name":"\\ud800"}',
  '[1e999]',
  '{"id":{}}',
  '{"query":"(("}',
]

describe('server: hostile requests', () => {
  afterEach(closeAll)

  it(`survives ${requests} of them`, async function () {
    this.timeout(60_000 + requests * 20)
    const seed = newSeed()
    const chance = random(seed)
    const limits = { headerTime: 300, bodyTime: 300, keepAlive: 300, requestsPerSocket: 1e6 }
    const errors: unknown[] = []
    const { port, ask } = await serving(undefined, { limits, onError: error => errors.push(error) })
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const before = process.memoryUsage().rss
    const answered = new Map<number, number>()
    async function worker(count: number): Promise<void> {
      for (let left = count; left > 0; left--) {
        const text = requestOf(chance)
        const { socket, write, end } = await raw(port)
        // what is followed has no end
        socket.on('data', (said: string) => said.includes('text/event-stream') && socket.destroy())
        write(Buffer.from(text, 'latin1'))
        if (chance.chance(0.1)) socket.destroy()
        for (const status of statusesIn(await end)) {
          expect(listed, `seed ${seed}: ${JSON.stringify(text)} is answered by ${status}`).to.include(
            status === 100 ? 200 : status,
          )
          answered.set(status, (answered.get(status) ?? 0) + 1)
        }
      }
    }
    await Promise.all(Array.from({ length: 25 }, () => worker(requests / 25)))
    process.off('unhandledRejection', note)
    expect(unhandled, `seed ${seed}`).to.deep.equal([])
    expect(errors, `seed ${seed}`).to.deep.equal([])
    expect((await ask('GET', '/shown')).status).to.equal(200)
    expect(answered.size).to.be.greaterThan(5)
    const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20)
    if (process.env.GATE) console.log(`      ${grown} MB more,`, JSON.stringify(Object.fromEntries(answered)))
    expect(grown).to.be.lessThan(200)
  })
})

/** A request that closes its connection, now and then cut off or damaged somewhere. */
function requestOf(chance: Random): string {
  const method = chance.pick(methods)
  const path = Array.from({ length: chance.below(4) }, (_, at) =>
    at === 0 ? chance.pick(names) : chance.pick(segments),
  )
  const body = method === 'GET' || chance.chance(0.2) ? '' : chance.pick(bodies)
  const length = chance.chance(0.9) && body !== '' ? `Content-Length: ${body.length}\r\n` : ''
  const lines = Array.from({ length: chance.below(3) }, () => `${chance.pick(headers)}\r\n`).join('')
  const host = chance.chance(0.95) ? 'Host: localhost\r\n' : ''
  const version = chance.chance(0.97) ? 'HTTP/1.1' : chance.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', ''])
  const head = `${method} /${path.join('/')}${chance.pick(queries)} ${version}\r\n${host}Connection: close\r\n`
  const text = `${head}${length}${lines}\r\n${body}`
  if (chance.chance(0.9)) return text
  const at = chance.below(text.length)
  return chance.chance(0.5)
    ? text.slice(0, at)
    : `${text.slice(0, at)}${String.fromCharCode(chance.below(256))}${text.slice(at + 1)}`
}
