import { expect } from 'chai'
import { memory } from '../../index.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { listen } from '../../server/listen.js'
import { closeAll, raw, say, serving, statusesIn } from './socket.js'
import { anyModel, facets, personModel } from './world.js'

const close = 'Connection: close\r\n'
const host = 'Host: localhost\r\n'

describe('server: on a port', () => {
  afterEach(closeAll)

  it('serves, until it is closed', async () => {
    const { url, ask, close } = await serving()
    expect((await ask('GET', '/people/1')).json).to.include({ name: 'Ada' })
    await close()
    await close()
    const refused = await fetch(url).catch(error => error.cause.code)
    expect(refused).to.equal('ECONNREFUSED')
  })

  it('listens to this machine only, unless it is said who may ask', async () => {
    for (const address of ['0.0.0.0', '::', '192.168.1.1', 'example.org']) {
      const error = await listen(facets(), { host: address }).catch(error => error)
      expect(error, address).to.be.instanceOf(TypeError)
    }
    const server = await listen(facets(), { host: '0.0.0.0', authorize: () => true })
    expect(server.url).to.match(/^http:\/\/0\.0\.0\.0:\d+$/)
    await server.close()
    const { port } = await serving()
    expect(await listen(facets(), { port }).catch(error => error.code)).to.equal('EADDRINUSE')
  })

  it('is called by its own names only', async () => {
    const { port } = await serving(undefined, { hosts: ['own.example'] })
    const named = async (lines: string) => statusesIn(await say(port, `GET / HTTP/1.1\r\n${lines}${close}\r\n`))[0]
    for (const name of ['localhost', '127.0.0.1', '[::1]', `localhost:${port}`, 'LocalHost', 'own.example:80']) {
      expect(await named(`Host: ${name}\r\n`), name).to.equal(200)
    }
    for (const name of ['evil.example', 'localhost.evil.example', '10.0.0.1']) {
      expect(await named(`Host: ${name}\r\n`), name).to.equal(421)
    }
    for (const lines of [
      '',
      'Host:\r\n',
      'Host: a b\r\n',
      'Host: a/b\r\n',
      `${host}${host}`,
      'Host: x@localhost\r\n',
    ]) {
      expect(await named(lines), lines).to.equal(400)
    }
    expect(statusesIn(await say(port, 'GET / HTTP/1.0\r\n\r\n'))).to.deep.equal([400])
  })

  it('answers what is no request, and ends the connection', async () => {
    const { port } = await serving()
    const rows: readonly [text: string, status: number][] = [
      ['GET /\r\n\r\n', 400],
      [`GET /\r\n${host}\r\n`, 400],
      ['\u0000\u0001\r\n\r\n', 400],
      [`TRACE / HTTP/1.1\r\n${host}\r\n`, 501],
      [`BREW / HTTP/1.1\r\n${host}\r\n`, 400],
      [`GET / HTTP/9.9\r\n${host}\r\n`, 400],
      [`GET http://localhost/ HTTP/1.1\r\n${host}\r\n`, 400],
      [`OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400],
      [`GET / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`, 400],
      [`POST /people HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`, 400],
      [`POST /people HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      [`POST /people HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
      [`GET / HTTP/1.1\r\n${host}Bad Header: x\r\n\r\n`, 400],
      [`POST /people HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`, 417],
    ]
    for (const [text, status] of rows) {
      const answer = await say(port, text)
      expect(statusesIn(answer), JSON.stringify(text)).to.deep.equal([status])
      expect(answer).not.to.match(/Error:|\.ts|\.js|node:/)
    }
    expect(await say(port, `CONNECT x:1 HTTP/1.1\r\n${host}\r\n`)).to.match(/^(?:HTTP\/1\.1 (?:400|501) .*)?/s)
  })

  it('limits the URL and the headers', async () => {
    const { port } = await serving(undefined, { limits: { url: 200, headers: 20 } })
    const ask = async (path: string, lines = '') =>
      statusesIn(await say(port, `GET ${path} HTTP/1.1\r\n${host}${close}${lines}\r\n`))[0]
    for (const n of [199, 200, 201]) expect(await ask(`/?${'a'.repeat(n - 2)}`)).to.equal(n > 200 ? 414 : 200)
    for (const n of [19, 20, 21, 40]) expect(await ask('/', 'X-A: 1\r\n'.repeat(n - 2))).to.equal(n > 20 ? 431 : 200)
    // the host, and what closes, are headers, too
    const others = host.length + close.length + 'X-A: \r\n'.length
    for (const n of [16_383, 16_384, 16_385, 30_000, 200_000]) {
      expect(await ask('/', `X-A: ${'a'.repeat(n - others)}\r\n`), `${n} bytes`).to.equal(n > 16_384 ? 431 : 200)
    }
    for (const n of [10_000, 16_384, 20_000, 30_000, 200_000]) {
      expect(await ask(`/?${'a'.repeat(n)}`), `${n} bytes`).to.equal(414)
    }
    const { write, end } = await raw(port)
    write(`GET /${'a'.repeat(16_000)}`)
    await new Promise(setImmediate)
    write(`${'a'.repeat(16_000)} HTTP/1.1\r\n${host}\r\n`)
    expect(statusesIn(await end)).to.deep.equal([414])
  })

  it('limits the body, whether its length is said or not', async () => {
    const { port } = await serving({ any: permissive(anyModel()) }, { limits: { body: 1000 } })
    const chunked = 'Transfer-Encoding: chunked\r\n'
    for (const n of [999, 1000, 1001]) {
      const body = `{"a":"${'x'.repeat(n - 8)}"}`
      const head = `POST /any HTTP/1.1\r\n${host}${close}`
      const expected = [n > 1000 ? 413 : 201]
      expect(statusesIn(await say(port, `${head}Content-Length: ${n}\r\n\r\n${body}`))).to.deep.equal(expected)
      const chunks = `${n.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      expect(statusesIn(await say(port, `${head}${chunked}\r\n${chunks}`))).to.deep.equal(expected)
    }
    const { write, end } = await raw(port)
    write(`POST /any HTTP/1.1\r\n${host}Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n`)
    expect(statusesIn(await end)).to.deep.equal([413])
  })

  it('ends what comes too slowly', async () => {
    const { port } = await serving({ any: permissive(anyModel()) }, { limits: { headerTime: 100, bodyTime: 100 } })
    expect(statusesIn(await say(port, `GET / HTTP/1.1\r\n${host}`))).to.deep.equal([408])
    const body = `POST /any HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\n{"a`
    expect(statusesIn(await say(port, body))).to.deep.equal([408])
    const stream = `POST /any HTTP/1.1\r\n${host}Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`
    expect(statusesIn(await say(port, stream))).to.deep.equal([408])
    await say(port, '')
  })

  it('leaves who does not take what he asked for, and nobody else', async () => {
    const text = 'x'.repeat(20_000)
    const any = permissive(anyModel(Array.from({ length: 1000 }, (_, at) => ({ id: `${at}`, text }))))
    const { port, ask } = await serving({ any }, { limits: { bodyTime: 100, inFlight: 1 } })
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const get = `GET /any HTTP/1.1\r\n${host}Accept: ${accept}\r\n${close}\r\n`
      expect((await say(port, get)).length).to.be.greaterThan(2e7)
      const slow = await raw(port)
      slow.write(get)
      await slow.until(/x/)
      slow.socket.pause()
      expect((await ask('GET', '/any/1')).status).to.equal(429)
      while ((await ask('GET', '/any/1')).status === 429);
      slow.socket.resume()
      expect((await slow.end).length).to.be.lessThan(2e7)
    }
  })

  it('answers so many requests on a connection, on so many connections, of so many at a time', async () => {
    const limits = { requestsPerSocket: 3, connections: 4, inFlight: 2 }
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const People = personModel()
    const given = { people: permissive(People), slow: permissive(People, { allowed: () => gate.then(() => true) }) }
    const { port } = await serving(given, { limits })
    const get = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`
    const one = await raw(port)
    for (const n of [1, 2, 3]) {
      one.write(get('/people/1'))
      await one.until(new RegExp(`(?:HTTP/1\\.1 200[\\s\\S]*?Ada[\\s\\S]*?){${n}}`))
    }
    one.write(get('/people/1'))
    expect(statusesIn(await one.until(/ 503 /))).to.deep.equal([200, 200, 200, 503])
    one.socket.destroy()

    const slow = [await raw(port), await raw(port)]
    for (const each of slow) each.write(get('/slow/1'))
    const more = await raw(port)
    for (let answer = ''; !answer.includes(' 429 '); ) {
      more.write(get('/people/1'))
      answer = await more.until(/HTTP\/1\.1 (?:200|429)[\s\S]*\r\n\r\n/)
      expect(answer).to.match(/HTTP\/1\.1 (?:200|429)/)
    }
    go()
    for (const each of slow) expect(await each.until(/Ada/)).to.include('200 OK')

    const fourth = await raw(port)
    const fifth = await raw(port)
    fifth.write(get('/people/1'))
    expect(await fifth.end).to.equal('')
    for (const each of [...slow, more, fourth]) each.socket.destroy()
  })

  it('answers what it has begun when it is closed', async () => {
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    let asked = () => {}
    const came = new Promise<void>(resolve => {
      asked = resolve
    })
    const store = memory<{ id: string; n: number }>()
    const slow = permissive(Model(store, { properties: {} }), {
      reveals: ['id'],
      allowed: async () => {
        asked()
        await gate
        return true
      },
    })
    const server = await serving({ slow }, { grace: 5000 })
    const putting = server.ask('PUT', '/slow/a', { n: 1 })
    await came
    const closing = server.close()
    go()
    expect((await putting).status).to.equal(201)
    await closing
    expect(store.get('a')).to.include({ n: 1 })
  })

  it('waits for nobody who has nothing to be answered', async () => {
    const server = await serving({ any: permissive(anyModel()) }, { grace: 60_000 })
    const idle = await raw(server.port)
    const asked = await raw(server.port)
    asked.write(`GET / HTTP/1.1\r\n${host}\r\n`)
    await asked.until(/<\/html>/)
    const following = await raw(server.port)
    following.write(`GET /any/$changes HTTP/1.1\r\n${host}\r\n`)
    await following.until(/id: live/)
    await server.close()
    expect(await idle.end).to.equal('')
    expect(statusesIn(await asked.end)).to.deep.equal([200])
    expect((await following.end).endsWith('\r\n0\r\n\r\n')).to.equal(true)
  }).timeout(4000)

  it('does not wait longer than its grace', async () => {
    const slow = permissive(personModel(), { allowed: () => new Promise<boolean>(() => {}) })
    const server = await serving({ slow }, { grace: 20 })
    const asking = server.ask('GET', '/slow/1').catch(error => error)
    const { write } = await raw(server.port)
    write('GET')
    await server.close()
    expect(await asking).to.be.instanceOf(TypeError)
  })
})
