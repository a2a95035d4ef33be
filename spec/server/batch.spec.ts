import { expect } from 'chai'
import { memory } from '../../index.js'
import { etag } from '../../lib/etag.js'
import { parse, stringify } from '../../lib/json.js'
import { permissive, restrictive, revoke } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { sqlite } from '../../stores/sqlite.js'
import { folder } from '../stores/json-file/folder.js'
import { anyModel, asking, people, personModel } from './world.js'

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

  it('takes two facets of one model where its store can, and else refuses them at once', async () => {
    const Table = Model(sqlite({ path: files.path('two.db'), table: 'any', durability: 'relaxed' }), {})
    const batch = [
      { method: 'POST', path: '/one', body: { id: 'a' } },
      { method: 'GET', path: '/other/a' },
    ]
    const statusIn = async (Any: object) => {
      const [one, other] = [permissive(Any as typeof Table), permissive(Any as typeof Table)]
      return (await asking({ one, other })('POST', '/$batch', batch)).status
    }
    const began = performance.now()
    expect([await statusIn(Table), await statusIn(anyModel())]).to.deep.equal([200, 405])
    expect(performance.now() - began).to.be.lessThan(3000)
    await Table.close()
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

  it('has an end, however much is asked for', async () => {
    const long = 'x'.repeat(2 ** 23)
    const ask = asking({ any: permissive(Model(memory(), { properties: {}, static: { long: () => long } })) })
    const entry = { method: 'POST', path: '/any/$call/long' }
    expect((await ask('POST', '/$batch', Array(9).fill(entry))).json).to.include({ status: 413, position: 7 })
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

  it('is one transaction over several facets of stores in memory, of which one may last', async () => {
    const lasting = sqlite({ path: files.path('beside.db'), durability: 'relaxed' })
    const a = anyModel([{ id: 'x', n: 1 }])
    const narrow = restrictive(permissive(anyModel()), { methods: { put: true, transaction: true } })
    const given = { a: permissive(a), b: narrow, c: permissive(Model(lasting, { properties: {} })) }
    const ask = asking(given)
    const all = [
      { method: 'PUT', path: '/a/x', body: { n: 2 } },
      { method: 'PUT', path: '/b/y', body: { n: 2 } },
      { method: 'PUT', path: '/c/z', body: { n: 2 } },
    ]
    for (const entries of [all.slice(0, 2), all]) {
      const failed = await ask('POST', '/$batch', [...entries, { path: '/a/none' }])
      expect(failed.json).to.include({ status: 404, position: entries.length })
      expect((await ask('GET', '/a/x')).json.n).to.equal(1)
      expect((await ask('GET', '/b/y')).status).to.equal(404)
    }
    expect((await ask('POST', '/$batch', all)).json).to.have.length(3)
    for (const path of ['/a/x', '/b/y', '/c/z']) expect((await ask('GET', path)).json.n, path).to.equal(2)
    lasting.close()
  })

  it('is all or nothing where a facet ends while it is committed', async () => {
    const [one, other] = [anyModel(), anyModel()]
    const given = { a: permissive(one), b: permissive(other) }
    const entries = Object.keys(given).map(name => ({ method: 'PUT', path: `/${name}/x`, body: { n: 1 } }))
    const seen = new Set<number>()
    for (const steps of Array(70).keys()) {
      const brief = permissive(other)
      const ask = asking({ ...given, b: brief })
      const asked = ask('POST', '/$batch', entries)
      for (let left = steps; left > 0; left--) await undefined
      revoke(brief)
      const { status } = await asked
      const found = await Promise.all([one.get('x'), other.get('x')])
      expect(found.filter(each => each).length, `${steps}: ${status}`).to.equal(status === 200 ? 2 : 0)
      await Promise.all([one.delete('x'), other.delete('x')])
      seen.add(status)
    }
    expect([...seen]).to.have.members([200, 403])
  })

  it('is ended where the rate is over in the middle, and keeps nobody waiting', async () => {
    const People = personModel()
    const ask = asking({ people: permissive(People, { rate: { max: 3, ttl: 60_000 } }), all: permissive(People) })
    const answer = await ask('POST', '/$batch', Array(4).fill({ method: 'PATCH', path: '/people/1', body: { age: 1 } }))
    expect(answer.json).to.include({ status: 429, title: 'QuotaExceededError', position: 2 })
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60)
    expect((await ask('PATCH', '/all/1', { age: 2 })).status).to.equal(200)
  })
})
