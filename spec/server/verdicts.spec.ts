/** What a facet allows and refuses is the same over HTTP as in the process: the same requests to two equal worlds. */
import { expect } from 'chai'
import { isStoreError } from '../../lib/errors.js'
import { parse, stringify } from '../../lib/json.js'
import { permissive, restrictive } from '../../models/facet.js'
import { handler } from '../../server/handler.js'
import { newSeed, type Random, random } from '../oracle/random.js'
import { people, personModel } from './world.js'

const times = process.env.GATE ? 2000 : 400
const exact = 'application/vnd.holdfast+json'

// biome-ignore lint/suspicious/noExplicitAny: methods are called by their names
type Facet = any

function world(): Record<string, Facet> {
  const Person = personModel(people)
  return {
    all: permissive(Person),
    shown: restrictive(Person, { properties: { secret: { blocked: true } } }),
    oslo: permissive(Person, { where: 'city=Oslo', methods: { delete: false } }),
    own: permissive(Person, {
      properties: { age: { writable: false } },
      operators: ['eq', 'sort', 'limit'],
      maxLimit: 2,
    }),
    box: restrictive(Person, { methods: { get: false, query: false, count: false, add: true } }),
  }
}

interface Step {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** The same in the process. */
  readonly call: (facet: Facet) => unknown
}

const queries = [
  '',
  'age>20',
  'city=Oslo',
  'secret=x',
  'sort(-age)',
  'limit(2)',
  'limit(3)',
  'city=Oslo&limit(1,1)',
  'or(',
  'select(name)&limit(2)',
]

function stepOf(chance: Random): Step {
  const id = chance.pick([1, 2, 3, 4, 5])
  const object = {
    name: chance.pick(['Zoe', '', 7]),
    ...(chance.chance(0.5) && { age: chance.pick([5, -1]) }),
    ...(chance.chance(0.4) && { city: chance.pick(['Oslo', 'Rome']) }),
    ...(chance.chance(0.2) && { secret: 's' }),
    ...(chance.chance(0.2) && { born: new Date(5) }),
  }
  const query = chance.pick(queries)
  const put = { ...object, ...(chance.chance(0.5) && { id: chance.pick([id, id, 9]) }) }
  const steps: readonly Step[] = [
    { method: 'GET', path: `/${id}`, call: facet => facet.get(id) },
    { method: 'PUT', path: `/${id}`, body: put, call: facet => facet.put(put, { id }) },
    {
      method: 'PUT',
      path: `/${id}`,
      body: put,
      headers: { 'if-none-match': '*' },
      call: facet => facet.put(put, { id, ifNoneMatch: '*' }),
    },
    {
      method: 'PUT',
      path: `/${id}`,
      body: put,
      headers: { 'if-match': '"x"' },
      call: facet => facet.put(put, { id, ifMatch: '"x"' }),
    },
    { method: 'POST', path: '', body: put, call: facet => facet.add(put) },
    { method: 'PATCH', path: `/${id}`, body: object, call: facet => facet.patch(id, object) },
    { method: 'DELETE', path: `/${id}`, call: facet => facet.delete(id) },
    { method: 'GET', path: `/$count?${query}`, call: async facet => ({ count: await facet.count(query) }) },
    {
      method: 'POST',
      path: '/$query',
      body: { query },
      headers: { accept: 'application/vnd.holdfast+ndjson' },
      call: facet => facet.query(query).toArray(),
    },
    { method: 'POST', path: '/$call/version', body: [], call: facet => facet.version() },
  ]
  return chance.pick(steps)
}

interface Verdict {
  readonly error?: string
  readonly issues?: unknown
  readonly value?: unknown
}

async function inProcess(facet: Facet, { call }: Step): Promise<Verdict> {
  try {
    const value = await call(facet)
    if (value === undefined || value === false) return { error: 'NotFoundError' }
    return { value: parse(stringify(value === true ? null : value)) }
  } catch (error) {
    if (isStoreError(error)) return { error: error.name, ...(error.issues && { issues: error.issues }) }
    if (error instanceof TypeError && /is not a function/.test(error.message)) return { error: 'absent' }
    throw error
  }
}

async function overHttp(handle: (request: Request) => Promise<Response>, name: string, step: Step): Promise<Verdict> {
  const { method, path, body, headers } = step
  const init = { method, headers: { accept: exact, 'content-type': exact, ...headers } }
  const sent = { ...init, ...(body !== undefined && { body: stringify(body) }) }
  const response = await handle(new Request(`http://x/${name}${path}`, sent))
  const text = await response.text()
  if (!response.ok) {
    const { title, issues } = JSON.parse(text)
    const absent = response.status === 405 || (response.status === 404 && path.includes('$call'))
    return absent ? { error: 'absent' } : { error: title, ...(issues && { issues }) }
  }
  if (response.status === 204) return { value: null }
  if (path === '/$query')
    return {
      value: text
        .trim()
        .split('\n')
        .map(line => parse(line))
        .filter(Array.isArray)
        .flat(),
    }
  return { value: parse(text) }
}

describe('server: verdicts', () => {
  it(`${times} random requests end as in the process`, async function () {
    this.timeout(60_000)
    const seed = newSeed()
    const chance = random(seed)
    const [inside, outside] = [world(), world()]
    const handle = handler(outside)
    const kinds = new Set<string>()
    for (let left = times; left > 0; left--) {
      const name = chance.pick(Object.keys(inside))
      const step = stepOf(chance)
      const expected = await inProcess(inside[name], step)
      const found = await overHttp(handle, name, step)
      expect(found, `seed ${seed}: ${name} ${JSON.stringify(step)}`).to.deep.equal(expected)
      kinds.add(`${name} ${step.method} ${expected.error ?? 'done'}`)
    }
    expect(await inside.all.query().toArray()).to.deep.equal(await outside.all.query().toArray())
    expect(kinds.size).to.be.greaterThan(25)
  })
})
