import { expect } from 'chai'
import { permissive, restrictive } from '../../models/facet.js'
import { type Answered, anyModel, asking, people, personModel } from './world.js'

const many = Array.from({ length: 60 }, (_, id) => ({ id, name: `n${id}`, age: id % 7 }))
const ids = ({ json }: Answered) => json.map(({ id }: { id: number }) => id)
const part = ({ status, headers }: Answered) => [status, headers.get('content-range')]

describe('server: pages', () => {
  const Many = personModel(many)
  const ask = asking({
    many: permissive(Many),
    few: restrictive(Many),
    uncounted: restrictive(Many, { methods: { count: false } }),
    none: restrictive(anyModel()),
  })

  it('gives the range that is asked for', async () => {
    const ranges: readonly [range: string, status: number, content: string][] = [
      ['items=0-24', 206, 'items 0-24/60'],
      ['items=50-99', 206, 'items 50-59/60'],
      ['items=59-', 206, 'items 59-59/60'],
      ['items=0-0', 206, 'items 0-0/60'],
      ['items=60-', 416, 'items */60'],
      ['items=99-120', 416, 'items */60'],
      ['items=5-1', 200, 'items 0-59/60'],
      ['bytes=0-1', 200, 'items 0-59/60'],
      ['people=0-9', 200, 'items 0-59/60'],
      ['items=x', 200, 'items 0-59/60'],
    ]
    for (const [range, ...expected] of ranges) {
      expect(part(await ask('GET', '/many', undefined, { range })), range).to.deep.equal(expected)
    }
    expect(part(await ask('GET', '/many', undefined, { 'x-range': 'items=0-1' }))).to.deep.equal([206, 'items 0-1/60'])
    expect(part(await ask('GET', '/none', undefined, { range: 'items=0-24' }))).to.deep.equal([200, 'items */0'])
    expect(part(await ask('GET', '/none', undefined, { range: 'items=1-24' }))).to.deep.equal([416, 'items */0'])
    expect(part(await ask('GET', '/none'))).to.deep.equal([200, 'items */0'])
    expect(part(await ask('GET', '/many?age=6', undefined, { range: 'items=2-3' }))).to.deep.equal([206, 'items 2-3/8'])
  })

  it('takes limit and offset, and RQL', async () => {
    const queries: readonly [query: string, ids: readonly number[], content: string][] = [
      ['limit=2', [0, 1], 'items 0-1/60'],
      ['limit=2&offset=58', [58, 59], 'items 58-59/60'],
      ['offset=58', [58, 59], 'items 58-59/60'],
      ['offset=99', [], 'items */60'],
      ['age=6&limit=2&offset=7', [55 + 0], 'items 7-7/8'],
      ['age=6&limit(2,1)', [13, 20], 'items 1-2/8'],
      ['sort(-id)&limit(2)', [59, 58], 'items 0-1/60'],
      ['limit(3)&sort(-id)', [2, 1, 0], 'items 0-2/3'],
      ['limit(0)', [], 'items */60'],
      ['(id=3|id=4)&limit=1', [3], 'items 0-0/2'],
    ]
    for (const [query, expected, content] of queries) {
      const answer = await ask('GET', `/many?${query}`)
      expect(part(answer), query).to.deep.equal([200, content])
      expect(ids(answer), query).to.deep.equal(expected)
      expect(answer.headers.get('x-total-count')).to.equal(content.split('/')[1])
    }
  })

  it('reads the lists of dstore', async () => {
    expect(ids(await ask('GET', '/many?id=in=(1%2C2)'))).to.deep.equal([1, 2])
    expect(ids(await ask('GET', '/many?in(name,(n1%2Cn2))'))).to.deep.equal([])
    expect(ids(await ask('GET', '/many?id=out=(1%2C2)&limit=2'))).to.deep.equal([0, 3])
  })

  it('knows the property limit from the parameter', async () => {
    const Any = anyModel([{ id: 'a', limit: 10, range: 'x', sort: '[1' }])
    const own = asking({ any: Any }, { trusted: true })
    expect((await own('GET', '/any?eq(limit,10)')).json).to.have.length(1)
    expect((await own('GET', '/any?range=x')).json).to.have.length(1)
    expect((await own('GET', '/any?range=y')).json).to.have.length(0)
    expect((await own('GET', '/any?limit=x')).json).to.have.length(0)
    expect((await own('GET', '/any?sort=%5B1')).status).to.equal(400)
  })

  it('speaks the dialect of react-admin', async () => {
    const query = (given: object) =>
      Object.entries(given)
        .map(([name, value]) => `${name}=${encodeURIComponent(JSON.stringify(value))}`)
        .join('&')
    const list = await ask('GET', `/many?${query({ sort: ['id', 'DESC'], range: [0, 2], filter: { age: 3 } })}`)
    expect([part(list), ids(list)]).to.deep.equal([
      [200, 'items 0-2/9'],
      [59, 52, 45],
    ])
    expect(ids(await ask('GET', `/many?${query({ filter: { id: [1, '2', 9e9] } })}`))).to.deep.equal([1, 2])
    expect(ids(await ask('GET', `/many?${query({ filter: { id: '7' }, embed: ['x'] })}`))).to.deep.equal([7])
    for (const wrong of [{ range: [1] }, { range: [2, 1] }, { range: {} }, { filter: [] }]) {
      expect((await ask('GET', `/many?${query(wrong)}`)).status, JSON.stringify(wrong)).to.equal(400)
    }
    expect((await ask('GET', '/many?filter=%7B')).status).to.equal(400)
  })

  it('links to the next page and the one before, to the end', async () => {
    let path = '/many?age%3E1&sort(-name)&limit=7'
    const seen: number[] = []
    for (let pages = 0; path !== ''; pages++) {
      const answer = await ask('GET', path)
      seen.push(...ids(answer))
      const link = answer.headers.get('link') ?? ''
      expect(link.includes('rel="prev"')).to.equal(pages > 0)
      const next = /<([^>]*)>; rel="next"/.exec(link)?.[1]
      expect(next === undefined, path).to.equal(pages === 5)
      path = next === undefined ? '' : `/many${next}`
    }
    expect(seen).to.deep.equal(ids(await ask('GET', '/many?age>1&sort(-name)')))
    expect(seen).to.have.length(42)
  })

  it('says no number that the facet does not', async () => {
    expect(part(await ask('GET', '/uncounted'))).to.deep.equal([200, 'items 0-49/*'])
    const last = await ask('GET', '/uncounted?limit=20&offset=50')
    expect(part(last)).to.deep.equal([200, 'items 50-59/*'])
    expect(last.headers.get('link')).not.to.include('next')
    expect(last.headers.get('x-total-count')).to.equal(null)
  })

  it('gives as many as it may, where it is not said how many', async () => {
    expect(part(await ask('GET', '/few'))).to.deep.equal([200, 'items 0-49/60'])
    expect(part(await ask('GET', '/few?limit=55'))).to.deep.equal([200, 'items 0-49/60'])
    expect(part(await ask('GET', '/few', undefined, { range: 'items=0-54' }))).to.deep.equal([206, 'items 0-49/60'])
    expect((await ask('GET', '/few?limit(50)')).status).to.equal(200)
    expect((await ask('GET', '/few?limit(51)')).status).to.equal(403)
    for (const page of [59, 60, 61]) {
      const own = asking({ many: permissive(Many) }, { limits: { page } })
      const size = Math.min(page, 60)
      expect(part(await own('GET', '/many'))).to.deep.equal([200, `items 0-${size - 1}/60`])
      expect(part(await own('GET', '/many?limit(60)'))).to.deep.equal([200, `items 0-${size - 1}/60`])
    }
  })

  it('counts what matches', async () => {
    expect((await ask('GET', '/many/$count?age=3')).json.count).to.equal(9)
    expect((await ask('GET', '/many/$count')).json.count).to.equal(60)
    expect((await ask('POST', '/many/$count', { query: 'age=$1', parameters: [3] })).json.count).to.equal(9)
    expect((await ask('GET', '/many?count()')).json).to.deep.equal([60])
  })

  it('takes long queries in the body', async () => {
    const rql = { 'content-type': 'application/rql' }
    const long = Array.from({ length: 2000 }, (_, id) => `id=${id}`).join('|')
    expect(long.length).to.be.greaterThan(8192)
    expect(part(await ask('POST', '/many/$query', `(${long})&limit=5`, rql))).to.deep.equal([200, 'items 0-4/60'])
    expect(ids(await ask('POST', '/many/$query', 'id<2', { 'content-type': 'text/plain' }))).to.deep.equal([0, 1])
    expect(ids(await ask('POST', '/many/$query', { query: 'in(id,$1)', parameters: [[4, 5]] }))).to.deep.equal([4, 5])
    expect((await ask('POST', '/many/$query', { query: 7 })).status).to.equal(400)
    expect((await ask('POST', '/many/$query', '<x/>', { 'content-type': 'text/xml' })).status).to.equal(415)
    expect((await ask('GET', '/many?nonsense((')).json).to.include({ status: 400, title: 'DataError' })
  })

  it('sorts and selects', async () => {
    const own = asking({ people: permissive(personModel(people)) })
    expect((await own('GET', '/people?city=Oslo&sort(-age)&select(name)')).json).to.deep.equal([
      { name: 'Eve' },
      { name: 'Bob' },
    ])
    expect((await own('GET', '/people?values(age)')).json).to.deep.equal([36, 20, 28])
  })
})
