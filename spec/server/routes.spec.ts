import { expect } from 'chai'
import { anyModel, asking, facets, personModel } from './world.js'

describe('server: routes', () => {
  /** By path: the status of each method, on facets that can do everything, only read, and only add. */
  const table: readonly [path: string, statuses: { readonly [method: string]: number }, allow: string][] = [
    ['/people', { GET: 200, HEAD: 200, POST: 201, PUT: 405, PATCH: 405, DELETE: 405 }, 'GET, HEAD, POST, OPTIONS'],
    ['/people/', { GET: 200, HEAD: 200, POST: 201, PUT: 405, PATCH: 405, DELETE: 405 }, 'GET, HEAD, POST, OPTIONS'],
    [
      '/people/1',
      { GET: 200, HEAD: 200, POST: 405, PUT: 200, PATCH: 200, DELETE: 204 },
      'GET, HEAD, PUT, PATCH, DELETE, OPTIONS',
    ],
    [
      '/people/9',
      { GET: 404, HEAD: 404, POST: 405, PUT: 201, PATCH: 404, DELETE: 404 },
      'GET, HEAD, PUT, PATCH, DELETE, OPTIONS',
    ],
    ['/people/$query', { GET: 405, HEAD: 405, POST: 200, PUT: 405, PATCH: 405, DELETE: 405 }, 'POST, OPTIONS'],
    ['/people/$count', { GET: 200, HEAD: 200, POST: 200, PUT: 405, DELETE: 405 }, 'GET, HEAD, POST, OPTIONS'],
    ['/people/$call/version', { GET: 405, POST: 400, PUT: 405 }, 'POST, OPTIONS'],
    ['/people/1/$call/greet', { GET: 405, POST: 400, DELETE: 405 }, 'POST, OPTIONS'],
    ['/shown', { GET: 200, HEAD: 200, POST: 405, PUT: 405, DELETE: 405 }, 'GET, HEAD, OPTIONS'],
    ['/shown/1', { GET: 200, HEAD: 200, POST: 405, PUT: 405, PATCH: 405, DELETE: 405 }, 'GET, HEAD, OPTIONS'],
    ['/shown/$changes', { GET: 405 }, 'OPTIONS'],
    ['/box', { GET: 405, HEAD: 405, POST: 201, DELETE: 405 }, 'POST, OPTIONS'],
    ['/box/1', { GET: 405, PUT: 405, PATCH: 405, DELETE: 405 }, 'OPTIONS'],
    ['/box/$query', { POST: 405 }, 'OPTIONS'],
    ['/box/$count', { GET: 405, POST: 405 }, 'OPTIONS'],
  ]
  for (const [path, statuses, allow] of table) {
    it(`${path}: what it allows, and what each method answers`, async () => {
      for (const [method, status] of Object.entries(statuses)) {
        const ask = asking()
        const writes = method === 'POST' || method === 'PUT' || method === 'PATCH'
        const body = !writes ? undefined : path.includes('$query') || path.includes('$count') ? {} : { name: 'Zoe' }
        const answer = await ask(method, path, body)
        expect(answer.status, method).to.equal(status)
        if (status === 405) expect(answer.headers.get('allow')).to.equal(allow)
        if (status >= 400 && method !== 'HEAD') {
          expect(answer.headers.get('content-type')).to.equal('application/problem+json')
          expect(answer.json).to.include({ status })
          expect(answer.json).to.have.keys(...Object.keys(answer.json).filter(name => name !== 'stack'))
        }
        if (method === 'HEAD') expect(answer.text).to.equal('')
      }
      const options = await asking()('OPTIONS', path)
      expect([options.status, options.headers.get('allow'), options.text]).to.deep.equal([204, allow, ''])
    })
  }

  it('has nothing elsewhere', async () => {
    const ask = asking()
    for (const path of ['/nobody', '/people/1/name', '/people/$other', '/people/1/2/3/4', '/$other', '/__proto__']) {
      const answer = await ask('GET', path)
      expect([answer.status, answer.json.title, answer.json.id], path).to.deep.equal([404, 'NotFoundError', undefined])
    }
    expect((await ask('GET', '/people/%zz')).status).to.equal(400)
    expect((await ask('GET', '/%zz')).status).to.equal(400)
    expect((await ask('GET', '/people/9')).json).to.include({ title: 'NotFoundError', id: '9' })
  })

  it('knows no other methods', async () => {
    expect((await asking()('PURGE', '/people')).status).to.equal(501)
  })

  it('answers HEAD as GET, without the body', async () => {
    const ask = asking()
    const [get, head] = [await ask('GET', '/people/1'), await ask('HEAD', '/people/1')]
    expect(head.headers.get('etag')).to.equal(get.headers.get('etag'))
    expect(head.headers.get('content-length')).to.equal(String(get.text.length))
    expect((await ask('HEAD', '/people', undefined, { accept: 'application/x-ndjson' })).text).to.equal('')
  })

  it('calls methods that the facet has, and no other', async () => {
    const ask = asking()
    expect((await ask('POST', '/people/$call/version', [])).json).to.equal(7)
    expect((await ask('POST', '/people/$call/version')).json).to.equal(7)
    expect((await ask('POST', '/people/$call/nothing')).status).to.equal(204)
    expect((await ask('POST', '/people/1/$call/greet', ['hello'])).json).to.equal('hello Ada')
    expect((await ask('POST', '/people/9/$call/greet', ['hello'])).status).to.equal(404)
    for (const name of ['get', 'toString', 'constructor', '__proto__', 'transaction', 'close', 'greet', '']) {
      expect((await ask('POST', `/people/$call/${name}`, [])).status, name).to.equal(404)
    }
    for (const name of ['save', 'delete', 'load', 'toString', 'valueOf', 'version']) {
      expect((await ask('POST', `/people/1/$call/${name}`, [])).status, name).to.equal(404)
    }
    expect((await ask('POST', '/shown/$call/version', [])).status).to.equal(404)
    expect((await ask('POST', '/people/$call/version', {})).status).to.equal(400)
  })

  it('takes any id, only as a name', async () => {
    const Any = anyModel()
    const ask = asking({ any: Any }, { trusted: true })
    const ids = [
      '__proto__',
      '../x',
      'a/b',
      'CON',
      '.',
      '..',
      'ß',
      'a b',
      '%',
      '%2F',
      '?',
      '#',
      '$changes',
      '$.',
      '+',
      '7a',
      '\u{1f600}',
    ]
    for (const id of ids) {
      const path = `/any/${id === '.' || id === '..' ? `$${id}` : encodeURIComponent(id)}`
      expect((await ask('PUT', path, { of: id })).status, id).to.equal(201)
      expect((await ask('GET', path)).json, id).to.deep.equal({ of: id, id })
    }
    expect((await ask('GET', '/any')).json.map((each: { id: string }) => each.id)).to.have.members(ids)
    const posted = await ask('POST', '/any', { id: '..', of: 'again' })
    expect(posted.status).to.equal(409)
    expect((await ask('POST', '/any', { id: 'a/b c' })).headers.get('location')).to.equal('any/a%2Fb%20c')
    expect((await ask('POST', '/any/', { id: 'q?' })).headers.get('location')).to.equal('q%3F')
  })

  it('keeps the number of a number', async () => {
    const ask = asking()
    expect((await ask('PUT', '/people/7', { name: 'Joe' })).json).to.deep.equal({ id: 7, name: 'Joe' })
    expect((await ask('PUT', '/people/7', { id: 7, name: 'Joe' })).status).to.equal(200)
    expect((await ask('PUT', '/people/7', { id: 8, name: 'Joe' })).json).to.include({ status: 400, title: 'DataError' })
  })

  it('serves facets, and models only where they are trusted', async () => {
    expect(() => asking({ people: personModel() })).to.throw(TypeError, '"people" is not a facet')
    expect(() => asking({ people: {} })).to.throw(TypeError, 'is not a facet')
    expect(() => asking({ $batch: facets().people })).to.throw(TypeError, 'name')
    const People = personModel()
    expect((await asking({ people: People }, { trusted: true })('GET', '/people/1')).status).to.equal(200)
    expect(() => asking({ people: People })).to.throw(TypeError, 'is not a facet')
  })

  it('serves each his own', async () => {
    const { people, shown } = facets()
    const ask = asking(async request => (request.headers.get('authorization') ? { people } : { people: shown }))
    expect((await ask('GET', '/people/1')).json).not.to.have.property('secret')
    expect((await ask('GET', '/people/1', undefined, { authorization: 'me' })).json).to.have.property('secret')
    expect((await ask('DELETE', '/people/1')).status).to.equal(405)
  })

  it('asks first whether a request may be answered', async () => {
    const ask = asking(facets(), {
      authorize: request =>
        request.headers.get('authorization') === 'odd'
          ? new Response('odd', { status: 418 })
          : request.headers.get('authorization') === 'good',
    })
    for (const path of ['/', '/openapi.json', '/people', '/people/1', '/nobody', '/$batch']) {
      const answer = await ask('GET', path)
      expect([answer.status, answer.headers.get('www-authenticate')]).to.deep.equal([401, 'Bearer'])
      expect((await ask('GET', path, undefined, { authorization: 'bad' })).status).to.equal(403)
    }
    expect((await ask('GET', '/people/1', undefined, { authorization: 'good' })).status).to.equal(200)
    expect(await ask('GET', '/people/1', undefined, { authorization: 'odd' })).to.include({ status: 418, text: 'odd' })
  })

  it('tells the owner what failed, and nobody else', async () => {
    const heard: unknown[] = []
    const failing = () => {
      throw new Error('SELECT secret FROM /etc/passwd')
    }
    const answer = await asking(failing, { onError: error => heard.push(error) })('GET', '/people')
    expect(answer.status).to.equal(500)
    expect(answer.text).not.to.match(/SELECT|passwd|Error:|\.ts|at /)
    expect(heard).to.have.length(1)
    const onError = (error: unknown) => heard.push(error)
    expect((await asking(() => ({ people: {} }), { onError })('GET', '/people')).status).to.equal(500)
    const authorize = () => (undefined as never as string).length > 0
    expect((await asking(facets(), { onError, authorize })('GET', '/people')).status).to.equal(500)
    expect(heard).to.have.length(3)
  })

  it('is mounted under a base', async () => {
    const ask = asking(facets(), { base: '/api' })
    expect((await ask('GET', '/api/people/1')).status).to.equal(200)
    expect((await ask('GET', '/api')).status).to.equal(200)
    for (const path of ['/people/1', '/apis/people/1', '/']) expect((await ask('GET', path)).status).to.equal(404)
  })
})
