import { expect } from 'chai'
import { memory } from '../../index.js'
import { etag } from '../../lib/etag.js'
import { parse, stringify } from '../../lib/json.js'
import { permissive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { sqlite } from '../../stores/sqlite.js'
import { folder } from '../stores/json-file/folder.js'
import { asking, people, personModel } from './world.js'

describe('server: batches', () => {
  const files = folder()

  it('does all in one transaction', async () => {
    const ask = asking()
    const answer = await ask('POST', '/$batch', [
      { method: 'PUT', path: '/people/1', body: { name: 'Ida' } },
      { path: '/people/1' },
      { method: 'POST', path: '/people', body: { name: 'Zoe' }, headers: { Prefer: 'return=minimal' } },
      { method: 'DELETE', path: '/people/2' },
      { path: '/people?city=Oslo&select(name)' },
      { path: '/people/$count' },
      { method: 'POST', path: '/people/1/$call/greet', body: ['hi'] },
    ])
    expect(answer.status).to.equal(200)
    expect(answer.json.map((each: { status: number }) => each.status)).to.deep.equal([
      200, 200, 201, 204, 200, 200, 200,
    ])
    expect(answer.json.map((each: { body: unknown }) => each.body)).to.deep.equal([
      { id: 1, name: 'Ida' },
      { id: 1, name: 'Ida' },
      { id: 100 },
      undefined,
      [{ name: 'Eve' }],
      { count: 3 },
      'hi Ida',
    ])
    expect(answer.json[0].headers.etag).to.equal(etag({ id: 1, name: 'Ida' }))
  })

  it('does nothing if one fails, and tells which', async () => {
    const failures: readonly [entry: object, status: number][] = [
      [{ method: 'PUT', path: '/people/2', body: { name: '' } }, 422],
      [{ method: 'POST', path: '/people', body: { id: 2, name: 'x' } }, 409],
      [{ method: 'DELETE', path: '/people/9' }, 404],
      [{ path: '/people/9' }, 404],
      [{ path: '/people/1', headers: { 'if-match': '"x"' } }, 412],
      [{ path: '/people/1', headers: { 'if-none-match': '*' } }, 412],
      [{ path: '/people?age>20', headers: { 'if-match': '"x"' } }, 412],
      [{ path: '/people/$count', headers: { 'if-match': '"x"' } }, 412],
      [{ method: 'PUT', path: '/people', body: {} }, 405],
      [{ path: '/people/1/$nothing' }, 404],
      [{ method: 'POST', path: '/people/$call/commit' }, 404],
    ]
    for (const [entry, status] of failures) {
      const ask = asking()
      const answer = await ask('POST', '/$batch', [{ method: 'DELETE', path: '/people/3' }, entry])
      expect(answer.json, JSON.stringify(entry)).to.include({ status, position: 1 })
      expect(answer.status).to.equal(status)
      expect((await ask('GET', '/people/$count')).json.count).to.equal(3)
    }
  })

  it('holds conditions on what was read', async () => {
    const ask = asking()
    const read = [people[1], people[2]] as object[]
    const entries = [
      { path: '/people/1', headers: { 'if-match': etag(people[0] as object) } },
      { path: '/people/9', headers: { 'if-none-match': '*' } },
      { path: '/people?city=Oslo', headers: { 'if-match': etag(read) } },
      {
        method: 'POST',
        path: '/people/$query',
        body: { query: 'city=$1', parameters: ['Oslo'] },
        headers: { 'if-match': etag(read) },
      },
      { path: '/people/$count?city=Oslo', headers: { 'if-match': etag({ count: 2 }) } },
    ]
    const answer = await ask('POST', '/$batch', entries)
    expect([answer.status, answer.json.map((each: { status: number }) => each.status)]).to.deep.equal([
      200,
      [200, 204, 200, 200, 200],
    ])
    await ask('PATCH', '/people/3', { age: 1 })
    expect((await ask('POST', '/$batch', entries)).json).to.include({ status: 412, position: 2 })
  })

  it('speaks extended JSON', async () => {
    const ask = asking()
    const type = 'application/vnd.holdfast+json'
    const born = new Date(1e12)
    const body = stringify([{ method: 'PUT', path: '/people/1', body: { name: 'Ida', born } }])
    const answer = await ask('POST', '/$batch', body, { 'content-type': type })
    expect((parse(answer.text) as { body: object }[])[0]?.body).to.deep.equal({ id: 1, name: 'Ida', born })
  })

  it('refuses what is no batch, and what cannot be in one', async () => {
    const ask = asking(undefined, { limits: { page: 3 } })
    for (const wrong of [
      {},
      [7],
      [{}],
      [{ path: 'x' }],
      [{ path: '/people', method: 'BREW' }],
      [{ path: '/people', headers: [] }],
    ]) {
      expect((await ask('POST', '/$batch', wrong)).status, JSON.stringify(wrong)).to.equal(400)
    }
    const get = { path: '/people/1' }
    for (const n of [2, 3, 4]) {
      expect((await ask('POST', '/$batch', Array(n).fill(get))).status).to.equal(n > 3 ? 422 : 200)
    }
    expect((await ask('POST', '/$batch', [{ path: '/shown/1' }])).json).to.include({ status: 405, position: 0 })
    expect((await ask('POST', '/$batch', [{ path: '/nobody/1' }])).json).to.include({ status: 404, position: 0 })
    expect((await ask('POST', '/$batch', [{ path: '/$batch', method: 'POST', body: [] }])).status).to.equal(404)
    expect((await ask('GET', '/$batch')).headers.get('allow')).to.equal('POST')
    expect((await ask('POST', '/$batch', [])).json).to.deep.equal([])
  })

  it('is one transaction over several facets of one database', async () => {
    const a = sqlite({ path: files.path('batch.db'), table: 'a', durability: 'relaxed' })
    const b = sqlite({ path: files.path('batch.db'), table: 'b', durability: 'relaxed' })
    const ask = asking({ a: permissive(Model(a, { properties: {} })), b: permissive(Model(b, { properties: {} })) })
    const key = String(Math.random())
    const both = [
      { method: 'PUT', path: `/a/${key}`, body: { n: 1 } },
      { method: 'PUT', path: `/b/${key}`, body: { n: 2 } },
    ]
    const failed = await ask('POST', '/$batch', [...both, { path: '/b/none' }])
    expect(failed.json).to.include({ status: 404, position: 2 })
    expect((await ask('GET', `/a/${key}`)).status).to.equal(404)
    expect((await ask('POST', '/$batch', both)).status).to.equal(200)
    expect((await ask('GET', `/b/${key}`)).json).to.include({ n: 2 })
    a.close()
    b.close()
  })
})

describe('server: Idempotency-Key', () => {
  const files = folder()
  const key = { 'idempotency-key': 'k1' }

  const stores = { 'by default': undefined, 'in a store': memory({ objects: [] } as object) }
  for (const [where, idempotency] of Object.entries(stores)) {
    it(`does once what is sent again, remembered ${where}`, async () => {
      const ask = asking(undefined, { idempotency })
      const first = await ask('POST', '/people', { name: 'Zoe' }, key)
      const again = await ask('POST', '/people', { name: 'Zoe' }, key)
      expect([again.status, again.text]).to.deep.equal([201, first.text])
      expect(again.headers.get('location')).to.equal(first.headers.get('location'))
      expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).to.deep.equal([
        null,
        'true',
      ])
      expect(first.headers.get('idempotency-key')).to.equal('k1')
      expect((await ask('GET', '/people/$count')).json.count).to.equal(4)
      expect((await ask('POST', '/people', { name: 'Ida' }, key)).status).to.equal(422)
      expect((await ask('POST', '/people', { name: 'Zoe' }, { 'idempotency-key': 'k2' })).status).to.equal(201)
      expect((await ask('DELETE', '/people/1', undefined, key)).status).to.equal(204)
      expect((await ask('DELETE', '/people/1', undefined, key)).status).to.equal(204)
      const refused = await ask('PATCH', '/people/2', { age: -1 }, key)
      expect((await ask('PATCH', '/people/2', { age: -1 }, key)).text).to.equal(refused.text)
      const batch = [{ method: 'POST', path: '/people', body: { name: 'Zoe' } }]
      const done = await ask('POST', '/$batch', batch, key)
      expect((await ask('POST', '/$batch', batch, key)).text).to.equal(done.text)
    })
  }

  it('says so while the first is not answered', async () => {
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const People = personModel()
    const slow = permissive(People, { allowed: async () => gate.then(() => true) })
    const ask = asking({ people: slow })
    const first = ask('PUT', '/people/1', { name: 'Ada' }, key)
    expect((await ask('PUT', '/people/1', { name: 'Ada' }, key)).status).to.equal(409)
    go()
    expect((await first).status).to.equal(200)
    expect((await ask('PUT', '/people/1', { name: 'Ada' }, key)).headers.get('idempotency-replayed')).to.equal('true')
  })

  it('records it in the same transaction as the effect', async () => {
    const path = files.path('once.db')
    const objects = sqlite({ path, table: 'objects', durability: 'relaxed' })
    const kept = sqlite({ path, table: 'kept', durability: 'relaxed' })
    const facet = permissive(Model(objects, { properties: {} }), { methods: { transaction: false } })
    let fails = false
    const record = {
      ...kept,
      transaction: async (options: object) => {
        const tx = await kept.transaction(options as never)
        const add = () => {
          throw new Error('the disk is full')
        }
        return fails ? { ...tx, add } : tx
      },
    }
    const ask = asking({ any: facet }, { idempotency: record as never })
    const own = { 'idempotency-key': String(Math.random()) }
    const before = (await ask('GET', '/any/$count')).json.count
    fails = true
    expect((await ask('POST', '/any', { a: 1 }, own)).status).to.equal(500)
    expect((await ask('GET', '/any/$count')).json.count).to.equal(before)
    fails = false
    const first = await ask('POST', '/any', { a: 1 }, own)
    expect((await ask('POST', '/any', { a: 1 }, own)).text).to.equal(first.text)
    expect((await ask('GET', '/any/$count')).json.count).to.equal(before + 1)
    objects.close()
    kept.close()
  })
})

describe('server: pages from elsewhere', () => {
  const origin = 'https://app.example'

  it('are told nothing unless it is configured', async () => {
    const ask = asking()
    const answer = await ask('GET', '/people/1', undefined, { origin })
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).to.deep.equal([])
    const asked = await ask('OPTIONS', '/people', undefined, { origin, 'access-control-request-method': 'PUT' })
    expect(asked.headers.get('access-control-allow-origin')).to.equal(null)
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
