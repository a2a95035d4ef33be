import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import { memory } from '../../index.js'
import { permissive, restrictive } from '../../models/facet.js'
import { Model } from '../../models/model.js'
import { asking, facets } from './world.js'

describe('server: what it says of itself', () => {
  it('is OpenAPI 3.1, of what is open', async () => {
    const ask = asking(facets(), { base: '/api', title: 'People' })
    const { json, headers } = await ask('GET', '/api/openapi.json')
    expect(headers.get('content-type')).to.equal('application/json')
    expect(await new Validator().validate(structuredClone(json))).to.include({ valid: true })
    expect(json).to.deep.include({
      openapi: '3.1.0',
      servers: [{ url: '/api' }],
      info: { title: 'People', version: '1' },
    })
    const operations = Object.fromEntries(
      Object.entries(json.paths).map(([path, item]) => [
        path,
        Object.keys(item as object)
          .filter(each => each !== 'parameters')
          .sort(),
      ]),
    )
    expect(operations).to.deep.equal({
      '/people': ['get', 'post'],
      '/people/{id}': ['delete', 'get', 'patch', 'put'],
      '/people/$count': ['get'],
      '/people/$query': ['post'],
      '/people/$changes': ['get'],
      '/people/$call/version': ['post'],
      '/people/$call/nothing': ['post'],
      '/people/{id}/$call/greet': ['post'],
      '/shown': ['get'],
      '/shown/{id}': ['get'],
      '/shown/$count': ['get'],
      '/shown/$query': ['post'],
      '/box': ['post'],
    })
    const { schemas } = json.components
    expect(schemas.shown.properties).not.to.have.property('secret')
    expect(schemas['people.create'].required).to.deep.equal(['name'])
    expect(schemas['people.patch']).not.to.have.property('required')
    expect(schemas.people.properties).to.deep.include({
      age: { type: 'integer', minimum: 0 },
      born: { type: 'string', format: 'date-time' },
      money: { type: 'string', pattern: '^-?[0-9]+$' },
      photo: { type: 'string', contentEncoding: 'base64' },
    })
  })

  it('is valid for schemas of every kind, and names', async () => {
    const Odd = Model(memory(), {
      title: 'Odd',
      description: 'things',
      properties: {
        list: {
          type: 'array',
          items: { $ref: '#/$defs/thing' },
          prefixItems: [{ const: 1n }, { enum: [new Date(0), 'a'] }],
        },
        either: { anyOf: [{ type: ['date', 'null'] }, { type: 'bytes' }] },
        'a/b c': {
          type: 'object',
          properties: { date: { type: 'date' } },
          patternProperties: { '^x': { type: 'bigint' } },
        },
        old: { type: 'string', default: 'x', deprecated: true, examples: ['y'] },
      },
      $defs: { thing: { type: 'string', format: 'email' } },
      additionalProperties: false,
      required: ['old'],
    } as never)
    const ask = asking({ 'odd things/ß': permissive(Odd as never), some: restrictive(Odd as never) })
    const { json } = await ask('GET', '/openapi.json')
    expect(await new Validator().validate(structuredClone(json))).to.include({ valid: true })
    expect(JSON.stringify(json)).not.to.match(/"(?:date|bigint|bytes)"(?!:)/)
  })

  it('is a page for people, which nothing can be written into', async () => {
    const { people } = facets()
    const ask = asking({ people, '<script>alert(1)</script>': people }, { title: '<b>"&' })
    const { text, headers } = await ask('GET', '/')
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).to.include("default-src 'none'")
    expect(text)
      .to.include('<h1>&lt;b&gt;&quot;&amp;</h1>')
      .and.not.to.match(/<script|<b>"/)
    expect(text).to.include('<a href="people?limit=20">people</a>: get, put')
    expect((await asking({})('GET', '/')).text).to.include('Nothing is served')
    expect((await ask('POST', '/', {})).status).to.equal(405)
    expect((await ask('OPTIONS', '/openapi.json')).headers.get('allow')).to.equal('GET, HEAD, OPTIONS')
  })

  it('keeps apart what has names that a component may not have', async () => {
    const names = ['日本', '中国', 'a b', 'a.b', 'a', 'a.create', 'Problem']
    const facetOf = (_: string, at: number) => permissive(Model(memory(), { properties: { [`n${at}`]: String } }))
    const given = Object.fromEntries(names.map((name, at) => [name, facetOf(name, at)]))
    const { json } = await asking(given)('GET', '/openapi.json')
    expect(await new Validator().validate(structuredClone(json))).to.include({ valid: true })
    for (const [at, name] of names.entries()) {
      const { get } = json.paths[`/${encodeURIComponent(name)}`]
      const { $ref } = get.responses['200'].content['application/json'].schema.items
      expect(json.components.schemas[$ref.split('/').pop()].properties, name).to.have.property(`n${at}`)
    }
    const operations = Object.values(json.paths).flatMap(path =>
      Object.values(path as Record<string, { operationId?: string }>),
    )
    const ids = operations.flatMap(({ operationId }) => operationId ?? [])
    expect(new Set(ids).size).to.equal(ids.length)
    expect(json.components.schemas.Problem.properties).to.have.property('detail')
  })
})
