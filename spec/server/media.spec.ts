import { gunzipSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { parse, stringify } from '../../lib/json.js'
import { permissive } from '../../models/facet.js'
import { handler } from '../../server/handler.js'
import { asking, personModel } from './world.js'

const exact = 'application/vnd.holdfast+json'
const rich = { id: 5, name: 'Zoe', born: new Date(1e12), money: 12345678901234567890n, photo: Uint8Array.of(1, 255) }

describe('server: media types', () => {
  it('gives what is accepted', async () => {
    const ask = asking()
    const table: readonly [accept: string, object: string | number, set: string | number][] = [
      ['*/*', 'application/json', 'application/json'],
      ['application/*', 'application/json', 'application/json'],
      ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json', 'application/json'],
      ['application/javascript, application/json', 'application/json', 'application/json'],
      [exact, exact, exact],
      [`application/json;q=0.5, ${exact}`, exact, exact],
      ['text/csv', 406, 'text/csv'],
      ['text/csv, application/json;q=0.1', 'application/json', 'text/csv'],
      ['application/ndjson', 406, 'application/x-ndjson'],
      ['application/x-ndjson', 406, 'application/x-ndjson'],
      ['text/html', 406, 406],
      ['application/json;q=0', 406, 406],
    ]
    for (const [accept, ...expected] of table) {
      for (const [at, path] of ['/people/1', '/people'].entries()) {
        const { status, headers } = await ask('GET', path, undefined, { accept })
        expect(status === 200 ? headers.get('content-type') : status, `${accept} ${path}`).to.equal(expected[at])
        if (status === 200) expect(headers.get('vary')).to.match(/^Accept/)
      }
    }
  })

  it('keeps every type in extended JSON, and says them as text to strangers', async () => {
    const ask = asking()
    const put = await ask('PUT', '/people/5', stringify(rich), { 'content-type': exact, accept: exact })
    expect(parse(put.text)).to.deep.equal(rich)
    const strange = {
      id: 5,
      name: 'Zoe',
      born: '2001-09-09T01:46:40.000Z',
      money: '12345678901234567890',
      photo: 'Af8=',
    }
    expect((await ask('GET', '/people/5')).json).to.deep.equal(strange)
    expect((await ask('PUT', '/people/5', strange)).headers.get('etag')).to.equal(put.headers.get('etag'))
    expect((await ask('PATCH', '/people/5', { born: '2020-02-30T00:00:00.000Z' })).status).to.equal(422)
    expect((await ask('PATCH', '/people/5', { name: '2020-02-28T00:00:00.000Z' })).json.name).to.be.a('string')
  })

  it('refuses what it does not understand', async () => {
    const ask = asking()
    const bodies: readonly [body: string, type: string, status: number][] = [
      ['{"name":"Zoe"}', 'application/json; charset=utf-8', 201],
      ['{"name":"Zoe"}', 'text/html', 415],
      ['{"name":', 'application/json', 400],
      ['[]', 'application/json', 400],
      ['7', 'application/json', 400],
      ['', 'application/json', 400],
      ['{"name":{"$date":"x"}}', exact, 400],
      ['{"name":"\\ud800"}', 'application/json', 422],
    ]
    for (const [body, type, status] of bodies) {
      expect((await ask('POST', '/people', body, { 'content-type': type })).status, body).to.equal(status)
    }
    const bytes = new Request('http://x/people', { method: 'POST', body: Uint8Array.of(0x22, 0xff, 0x22) })
    expect((await handler({ people: permissive(personModel()) })(bytes)).status).to.equal(400)
    expect((await ask('POST', '/people', '{"name":"Zoe"}', { 'content-type': '' })).status).to.equal(201)
  })

  it('limits what JSON may hold', async () => {
    const deep = (levels: number) => `{"name":"Z","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    const wide = (names: number) =>
      `{"name":"Z"${Array.from({ length: names - 1 }, (_, at) => `,"a${at}":0`).join('')}}`
    const ask = asking(undefined, { limits: { depth: 10, keys: 50 } })
    for (const [limit, text] of [
      [10, deep],
      [50, wide],
    ] as const) {
      for (const n of [limit - 1, limit, limit + 1]) {
        expect((await ask('POST', '/people', text(n))).status, String(n)).to.equal(n > limit ? 422 : 201)
      }
    }
    expect((await ask('POST', '/people', '{"name":"[[[[[[[[[[[[\\"{{{{::::"}')).status).to.equal(201)
    expect((await asking()('POST', '/people', '['.repeat(500_000))).status).to.equal(422)
  })

  it('writes and reads CSV', async () => {
    const ask = asking()
    const name = ' a "b",\r\nc'
    await ask('PATCH', '/people/1', { name, born: '2001-09-09T01:46:40.000Z' })
    const csv = await ask('GET', '/people?id<3', undefined, { accept: 'text/csv' })
    expect(csv.text.split('\r\n')[0]).to.equal('id,name,age,city,secret,born,money,photo')
    expect(csv.text).to.include('1," a ""b"",\r\nc",36,London,x,2001-09-09T01:46:40.000Z,,\r\n')
    await ask('DELETE', '/people/1')
    await ask('DELETE', '/people/2')
    const back = await ask('POST', '/people', csv.text, { 'content-type': 'text/csv' })
    expect([back.status, back.json]).to.deep.equal([200, { count: 2 }])
    expect((await ask('GET', '/people/1')).json).to.include({ name, age: 36, born: '2001-09-09T01:46:40.000Z' })
    const some = await ask('GET', '/people?select(name,id)&id=3', undefined, { accept: 'text/csv' })
    expect(some.text).to.equal('name,id\r\nEve,3\r\n')
    expect((await ask('POST', '/people', 'name\n"x', { 'content-type': 'text/csv' })).status).to.equal(400)
    expect((await ask('POST', '/people', 'name\nx,y', { 'content-type': 'text/csv' })).status).to.equal(400)
  })

  it('streams NDJSON out and in', async () => {
    const ask = asking()
    const out = await ask('GET', '/people', undefined, { accept: 'application/x-ndjson' })
    expect(
      out.text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).id),
    ).to.deep.equal([1, 2, 3])
    const all = await ask('GET', '/people', undefined, { accept: 'application/vnd.holdfast+ndjson' })
    const [items, end] = all.text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect([items.length, end]).to.deep.equal([3, { count: 3 }])
    const lines = '{"name":"a"}\n\n{"name":"b","born":"2001-09-09T01:46:40.000Z"}\r\n{"name":"c"}'
    const back = await ask('POST', '/people', lines, { 'content-type': 'application/x-ndjson' })
    expect(back.json).to.deep.equal({ count: 3 })
    expect((await ask('GET', '/people/$count')).json.count).to.equal(6)
  })

  it('tells how far an import came', async () => {
    const ask = asking()
    const lines = Array.from({ length: 2500 }, (_, at) => (at === 2200 ? '{"nme":1}' : '{"name":"a"}')).join('\n')
    const answer = await ask('POST', '/people', lines, { 'content-type': 'application/x-ndjson' })
    expect(answer.json).to.include({ status: 422, title: 'ValidationError', position: 2200, stored: 2000 })
    expect((await ask('GET', '/people/$count')).json.count).to.equal(2003)
    const broken = await ask('POST', '/people', '{"name":"a"}\n{', { 'content-type': 'application/x-ndjson' })
    expect(broken.json).to.include({ status: 400, position: 1, stored: 0 })
  })

  it('compresses what is long, for who takes it', async () => {
    const objects = Array.from({ length: 100 }, (_, id) => ({ id, name: `n${id}` }))
    const handle = handler({ people: permissive(personModel(objects)) })
    for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const get = (encoding: string) =>
        handle(new Request('http://x/people', { headers: { accept, 'accept-encoding': encoding } }))
      const plain = await get('br, gzip;q=0')
      expect(plain.headers.get('content-encoding')).to.equal(null)
      expect(plain.headers.get('vary')).to.include('Accept-Encoding')
      const packed = await get('br, gzip')
      expect(packed.headers.get('content-encoding')).to.equal('gzip')
      const text = gunzipSync(new Uint8Array(await packed.arrayBuffer())).toString()
      expect(text).to.equal(await plain.text())
    }
    const short = await handle(new Request('http://x/people/1', { headers: { 'accept-encoding': 'gzip' } }))
    expect(short.headers.get('content-encoding')).to.equal(null)
  })

  it('takes what is compressed, and counts what it becomes', async () => {
    const handle = handler({ people: permissive(personModel()) }, { limits: { body: 1000 } })
    const post = async (text: string, encoding = 'gzip') => {
      const headers = { 'content-encoding': encoding, 'content-type': 'application/json' }
      const body = gzipSync(text) as Uint8Array<ArrayBuffer>
      return (await handle(new Request('http://x/people', { method: 'POST', headers, body }))).status
    }
    const sized = (length: number) => `{"name":"${'x'.repeat(length - 11)}"}`
    for (const length of [999, 1000, 1001]) expect(await post(sized(length))).to.equal(length > 1000 ? 413 : 201)
    expect(await post(sized(1_000_000))).to.equal(413)
    expect(await post('{}', 'br')).to.equal(415)
    expect(await post('{}', 'deflate')).to.equal(400)
  })
})
