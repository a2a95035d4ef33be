import { expect } from 'chai'
import { asking } from './world.js'

describe('server: pages from elsewhere', () => {
  const origin = 'https://app.example'

  it('are told nothing unless it is configured', async () => {
    const ask = asking()
    const answer = await ask('GET', '/people/1', undefined, { origin })
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).to.deep.equal([])
    const asked = await ask('OPTIONS', '/people', undefined, { origin, 'access-control-request-method': 'PUT' })
    expect(asked.headers.get('access-control-allow-origin')).to.equal(null)
  })

  it('write nothing, even where a browser sends it without a question', async () => {
    const body = JSON.stringify([{ method: 'DELETE', path: '/people/1' }])
    const write = async (headers: object, options = {}) =>
      (await asking(undefined, options)('POST', '/$batch', body, headers as Record<string, string>)).status
    const cross = { 'sec-fetch-site': 'cross-site' }
    const own = { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }
    const behind = { origin: 'https://own.example', 'sec-fetch-site': 'same-origin' }
    for (const headers of [{}, own, behind, { origin: 'http://localhost' }, { 'sec-fetch-site': 'none' }]) {
      expect(await write(headers), JSON.stringify(headers)).to.equal(200)
    }
    const foreign = [{ origin }, { origin, ...cross }, { origin: 'null' }, cross, { origin: 'http://localhost:1' }]
    for (const headers of [...foreign, { ...own, 'sec-fetch-site': 'same-site' }]) {
      expect(await write(headers), JSON.stringify(headers)).to.equal(403)
    }
    for (const origins of ['*', [origin], () => true] as const) {
      expect(await write({ origin, ...cross }, { cors: { origins } })).to.equal(200)
      expect(await write(cross, { cors: { origins } })).to.equal(403)
    }
    expect(await write({ origin }, { cors: { origins: ['https://b.example'] } })).to.equal(403)
    const call = await asking()('POST', '/people/$call/version', undefined, { origin })
    expect(call.json).to.include({ status: 403, title: 'NotAllowedError' })
  })

  it('may ask where they are named', async () => {
    const ask = asking(undefined, { cors: { origins: [origin], credentials: true, maxAge: 7 }, authorize: () => false })
    const headers = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' }
    const before = await ask('OPTIONS', '/people/1', undefined, headers)
    expect(before.status).to.equal(204)
    expect(before.headers.get('access-control-allow-methods')).to.include('PATCH')
    expect(before.headers.get('access-control-allow-headers')).to.equal('if-match')
    expect(before.headers.get('access-control-max-age')).to.equal('7')
    for (const path of ['/people/1', '/nobody']) {
      const answer = await ask('GET', path, undefined, { origin })
      expect(answer.headers.get('access-control-allow-origin')).to.equal(origin)
      expect(answer.headers.get('access-control-expose-headers')).to.include('Content-Range, X-Total-Count, ETag')
      expect(answer.headers.get('access-control-allow-credentials')).to.equal('true')
      expect(answer.headers.get('vary')).to.include('Origin')
    }
    const other = await ask('GET', '/people', undefined, { origin: 'https://other.example' })
    expect(other.headers.get('access-control-allow-origin')).to.equal(null)
    expect(other.headers.get('vary')).to.include('Origin')
  })

  it('all of them, where that is said, but without cookies', async () => {
    const ask = asking(undefined, { cors: { origins: '*' } })
    expect((await ask('GET', '/people', undefined, { origin })).headers.get('access-control-allow-origin')).to.equal(
      '*',
    )
    expect(() => asking(undefined, { cors: { origins: '*', credentials: true } })).to.throw(TypeError)
  })
})
