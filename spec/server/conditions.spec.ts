import { expect } from 'chai'
import { etag } from '../../lib/etag.js'
import { permissive } from '../../models/facet.js'
import { anyModel, asking } from './world.js'

describe('server: conditions and preferences', () => {
  const ada = { id: 1, name: 'Ada', age: 36, city: 'London', secret: 'x' }
  const tag = etag(ada)

  it('tags what is seen', async () => {
    const ask = asking()
    expect((await ask('GET', '/people/1')).headers.get('etag')).to.equal(tag)
    const { secret, ...seen } = ada
    expect((await ask('GET', '/shown/1')).headers.get('etag')).to.equal(etag(seen))
    expect((await ask('POST', '/box', { name: 'Zoe' })).headers.get('etag')).to.equal(null)
  })

  it('answers 304 to who knows', async () => {
    const ask = asking()
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await ask('GET', '/people/1', undefined, { 'if-none-match': known })
      expect([answer.status, answer.text, answer.headers.get('etag')]).to.deep.equal([304, '', tag])
    }
    expect((await ask('GET', '/people/1', undefined, { 'if-none-match': '"x"' })).status).to.equal(200)
    expect((await ask('GET', '/people/1', undefined, { 'if-match': '"x"' })).status).to.equal(412)
    expect((await ask('GET', '/people/1', undefined, { 'if-match': tag })).status).to.equal(200)
    expect((await ask('GET', '/people/9', undefined, { 'if-match': '*' })).status).to.equal(412)
  })

  it('changes and removes nothing that must not be there, and adds nothing that must', async () => {
    const ask = asking()
    const none = { 'if-none-match': '*' }
    expect((await ask('PATCH', '/people/1', { age: 1 }, none)).status).to.equal(412)
    expect((await ask('DELETE', '/people/1', undefined, none)).status).to.equal(412)
    expect((await ask('GET', '/people/1')).json).to.deep.equal(ada)
    for (const match of ['*', tag]) {
      expect((await ask('POST', '/people', { name: 'Zoe' }, { 'if-match': match })).status).to.equal(412)
    }
    expect((await ask('POST', '/people', { id: 1, name: 'Zoe' }, { 'if-match': tag })).status).to.equal(409)
    expect((await ask('POST', '/people', { name: 'Zoe' }, { 'if-match': 'null' })).status).to.equal(201)
  })

  const writes: readonly [method: string, body: unknown][] = [
    ['PUT', { name: 'Ada' }],
    ['PATCH', { age: 1 }],
    ['DELETE', undefined],
  ]
  for (const [method, body] of writes) {
    it(`${method} happens if it matches, and not if it does not`, async () => {
      for (const match of ['"x"', `W/${tag}`, '"x", "y"', '']) {
        const ask = asking()
        expect((await ask(method, '/people/1', body, { 'if-match': match })).status, match).to.equal(412)
        expect((await ask('GET', '/people/1')).json).to.deep.equal(ada)
        expect((await ask(method, '/people/9', body, { 'if-match': match })).status).to.be.oneOf([412, 404])
      }
      for (const match of [tag, '*', `"x", ${tag}`]) {
        expect((await asking()(method, '/people/1', body, { 'if-match': match })).status, match).to.be.oneOf([200, 204])
      }
    })
  }

  it('creates only what is not there', async () => {
    const ask = asking()
    const only = { 'if-none-match': '*' }
    expect((await ask('PUT', '/people/1', { name: 'Ada' }, only)).status).to.equal(412)
    const made = await ask('PUT', '/people/9', { name: 'Zoe' }, only)
    expect([made.status, made.json]).to.deep.equal([201, { id: 9, name: 'Zoe' }])
    expect((await ask('PUT', '/people/8', { name: 'Zoe' }, { 'if-none-match': '"x"' })).status).to.equal(405)
  })

  it('answers what is preferred', async () => {
    const ask = asking()
    const minimal = { prefer: 'return=minimal' }
    const put = await ask('PUT', '/people/1', { name: 'Ada' }, minimal)
    expect([put.status, put.text, put.headers.get('etag')]).to.deep.equal([204, '', etag({ id: 1, name: 'Ada' })])
    expect(put.headers.get('preference-applied')).to.equal('return=minimal')
    const post = await ask('POST', '/people', { name: 'Zoe' }, minimal)
    expect([post.status, post.json, post.headers.get('location')]).to.deep.equal([201, { id: 100 }, 'people/100'])
    expect((await ask('PATCH', '/people/1', { age: 3 }, minimal)).status).to.equal(204)
    expect((await ask('PATCH', '/people/1', { age: 4 })).json).to.deep.equal({ id: 1, name: 'Ada', age: 4 })
    const gone = await ask('DELETE', '/people/1', undefined, { prefer: 'return=representation' })
    expect([gone.status, gone.json]).to.deep.equal([200, { id: 1 }])
  })

  it('takes no longer for many tags', async () => {
    const ask = asking({ any: permissive(anyModel([{ id: 'a', text: 'x'.repeat(300_000) }])) })
    const tags = Array.from({ length: 3000 }, (_, n) => `"${n}"`).join()
    const since = performance.now()
    expect((await ask('PUT', '/any/a', {}, { 'if-match': tags })).status).to.equal(412)
    expect(performance.now() - since).to.be.lessThan(2000)
  })

  it('patches by both kinds', async () => {
    const ask = asking()
    const merge = { 'content-type': 'application/merge-patch+json' }
    const json = { 'content-type': 'application/json-patch+json' }
    expect((await ask('PATCH', '/people/1', { age: null }, merge)).json).not.to.have.property('age')
    const test = { op: 'test', path: '/name', value: 'Ada' }
    const replace = { op: 'replace', path: '/name', value: 'Ida' }
    expect((await ask('PATCH', '/people/1', [test, replace], json)).json).to.include({ name: 'Ida' })
    expect((await ask('PATCH', '/people/1', [test, replace], json)).status).to.equal(412)
    expect((await ask('PATCH', '/people/1', [{ op: 'remove', path: '/none' }], json)).status).to.equal(400)
    expect((await ask('PATCH', '/people/1', [], merge)).status).to.equal(400)
    expect((await ask('PATCH', '/people/1', 'x', json)).status).to.equal(400)
    expect((await ask('PATCH', '/people/1', 'x', { 'content-type': 'text/xml' })).status).to.equal(415)
    expect((await ask('PATCH', '/people/1', { age: -1 })).json.issues[0]).to.include({ keyword: 'minimum' })
    expect((await ask('OPTIONS', '/people/1')).headers.get('accept-patch')).to.include('merge-patch')
  })

  it('changes a part by PUT where that is wanted', async () => {
    const ask = asking(undefined, { partialPut: true })
    expect((await ask('PUT', '/people/1', { age: 5 })).json).to.deep.equal({ ...ada, age: 5 })
    expect((await ask('PUT', '/people/1', { id: 1, name: 'Ada' })).json).to.deep.equal({ id: 1, name: 'Ada' })
  })
})
