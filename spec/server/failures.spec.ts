/** Whose mistake it is: that of who asks is told to him, any other to the owner. */
import { expect } from 'chai'
import { memory } from '../../index.js'
import { StoreError } from '../../lib/errors.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { handler } from '../../server/handler.js'
import { remote } from '../../stores/remote.js'
import { anyModel, asking, facets, personModel } from './world.js'

const bug = () => (undefined as never as string).length as never

describe('server: mistakes', () => {
  it('in what is given are those of who asks', async () => {
    const heard: unknown[] = []
    const ask = asking(undefined, { onError: error => heard.push(error) })
    for (const [path, body] of [
      ['/people', '[]'],
      ['/people', '7'],
      ['/people/$query', '{"query":7}'],
      ['/people/$query', '{"query":"id=$1","parameters":{}}'],
      ['/people/$call/version', '{}'],
      ['/$batch', '[{"path":7}]'],
    ] as const) {
      expect((await ask('POST', path, body)).status, `${path} ${body}`).to.be.oneOf([400, 422])
    }
    const typed = [{ id: { type: 'string' } }, 7, true, null, []].map(id => ({ id, name: 'x' }))
    for (const body of typed) expect((await ask('POST', '/people', body)).status).to.be.oneOf([201, 400, 422])
    expect(heard).to.deep.equal([])
  })

  it('in what the owner has written are his, of whatever type', async () => {
    const Buggy = Model(memory({ objects: [{ id: '1' }] } as object), {
      prototype: { greet: bug },
      static: { version: bug },
    })
    const given = {
      methods: permissive(Buggy),
      ruled: permissive(personModel(), { methods: { odd: bug } }),
      gated: permissive(personModel(), { allowed: bug }),
      getting: permissive(personModel(), { properties: { shown: { get: bug } } }),
    }
    const heard: unknown[] = []
    const ask = asking(given, { onError: error => heard.push(error) })
    for (const [method, path] of [
      ['POST', '/methods/$call/version'],
      ['POST', '/methods/1/$call/greet'],
      ['POST', '/ruled/$call/odd'],
      ['GET', '/gated/1'],
      ['GET', '/gated'],
      ['GET', '/getting/1'],
      ['PUT', '/gated/1'],
    ] as const) {
      const before = heard.length
      const answer = await ask(method, path, method === 'PUT' ? { name: 'x' } : undefined)
      expect(answer.status, path).to.equal(500)
      expect(answer.text, path).not.to.match(/undefined|length|TypeError/)
      expect(heard.length, path).to.equal(before + 1)
    }
  })

  it('in what is built in here are told as such', async () => {
    const heard: unknown[] = []
    const handle = handler(facets(), { onError: error => heard.push(error) })
    const request = new Request('http://localhost/people/1')
    const broken = new Proxy(request, { get: (of, name) => (name === 'headers' ? bug() : Reflect.get(of, name)) })
    expect((await handle(broken)).status).to.equal(500)
    expect(heard).to.have.length(1)
  })

  it('in what hears of mistakes, or lets pages in, make no more of them', async () => {
    const failing = { people: permissive(personModel(), { allowed: bug }) }
    expect((await asking(failing, { onError: bug })('GET', '/people/1')).status).to.equal(500)
    const heard: unknown[] = []
    const onError = (error: unknown) => heard.push(error)
    const ask = asking(facets(), { cors: { origins: bug }, onError })
    const answer = await ask('GET', '/people/1', undefined, { origin: 'https://a.example' })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).to.deep.equal([500, null])
    expect((await ask('GET', '/people/1')).status).to.equal(200)
    expect(heard).to.have.length(1)
  })

  it('that only later are seen to be some are nobody else’s either', async () => {
    const unhandled: unknown[] = []
    const hear = (error: unknown) => void unhandled.push(error)
    process.on('unhandledRejection', hear)
    try {
      const failing = { people: permissive(personModel(), { allowed: bug }) }
      const onError = async () => bug()
      expect((await asking(failing, { onError })('GET', '/people/1')).status).to.equal(500)
      // an iterator that cannot be left
      const left = { next: async () => ({ value: { id: '1' }, done: false }), return: async () => bug() }
      const endless = () => ({ [Symbol.asyncIterator]: () => left })
      const Endless = Model({ ...memory(), query: endless, subscribe: endless } as never, { properties: {} })
      const ask = asking({ any: permissive(Endless) })
      expect((await ask('HEAD', '/any', undefined, { accept: 'application/x-ndjson' })).status).to.equal(200)
      expect((await ask('HEAD', '/any/$changes')).status).to.equal(200)
      await new Promise(resolve => setImmediate(resolve))
      expect(unhandled).to.deep.equal([])
    } finally {
      process.off('unhandledRejection', hear)
    }
  })

  it('are told to the owner, too, when the answer has begun', async () => {
    const broken = async function* () {
      yield { id: '1' }
      bug()
    }
    const Broken = Model(
      {
        ...memory(),
        query: broken,
        subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => bug() }) }),
      } as never,
      { properties: {} },
    )
    const heard: unknown[] = []
    const handle = handler({ any: permissive(Broken) }, { onError: error => heard.push(error) })
    const ask = (path: string, accept: string) =>
      handle(new Request(`http://localhost${path}`, { headers: { accept } }))
    for (const [at, accept] of ['application/x-ndjson', 'application/vnd.holdfast+ndjson'].entries()) {
      await (await ask('/any', accept)).text().catch(() => {})
      expect(heard, accept).to.have.length(at + 1)
    }
    expect(await (await ask('/any/$changes', '*/*')).text()).to.include('event: error')
    expect(heard).to.have.length(3)
  })

  it('of who gives the same Response twice are none, and his cookies stay apart', async () => {
    const headers: [string, string][] = [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]
    const no = new Response('no', { status: 403, headers })
    const ask = asking(facets(), { authorize: () => no })
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await ask(method, '/people/1')
      expect([answer.status, answer.text]).to.deep.equal([403, method === 'GET' ? 'no' : ''])
      expect(answer.headers.getSetCookie()).to.deep.equal(['a=1', 'b=2'])
    }
  })
})

describe('server: what passes', () => {
  it('a rate tells when to come again, and is the same error on the other side', async () => {
    let time = 0
    const Any = anyModel([{ id: 'a' }])
    const any = permissive(Any, { rate: { max: 1, ttl: 2500 }, now: () => time })
    const handle = handler({ any })
    const ask = () => handle(new Request('http://localhost/any/a'))
    expect((await ask()).status).to.equal(200)
    for (const [now, seconds] of [
      [0, '3'],
      [499, '3'],
      [500, '2'],
      [2499, '1'],
    ] as const) {
      time = now
      const refused = await ask()
      expect([refused.status, refused.headers.get('retry-after')], `${now}`).to.deep.equal([429, seconds])
    }
    const store = remote('http://localhost/any', { fetch: (url, sent) => handle(new Request(url, sent)), retry: 0 })
    time = 1000
    const error = await store.get('a').catch(error => error)
    expect(error).to.include({ name: 'QuotaExceededError', status: 429, retryAfter: 1500 })
    time = 2500
    expect(await store.get('a')).to.deep.equal({ id: 'a' })
    await store.close()
  })

  it('other quotas do not pass', async () => {
    const ask = asking({ any: permissive(anyModel(), { max: 0 }) })
    const answer = await ask('POST', '/any', {})
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([507, null])
    const words = new StoreError('QuotaExceededError', 'there may be 3 calls in 100 ms')
    const told = asking(() => {
      throw words
    })
    expect((await told('GET', '/any')).status).to.equal(507)
  })
})
