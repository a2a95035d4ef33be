import { expect } from 'chai'
import type { Id } from '../../lib/store.js'
import { infer } from '../../models/infer.js'
import { Model } from '../../models/model.js'
import { schema } from '../../models/schema.js'
import { memory } from '../../stores/memory.js'
import { sqlite } from '../../stores/sqlite.js'
import { refusal } from '../refusal.js'
import { evaluated, holding, times } from './infer/inferring.js'
import type { Thing } from './migrate/things.js'

/** What is said about one property whose values are these. */
async function about(values: readonly unknown[]): Promise<unknown> {
  const { definition } = await infer(holding(values.map(value => (value === undefined ? {} : { value }))))
  return definition.properties.value
}

describe('infer', () => {
  it('proposes types', async () => {
    expect(await about([1, 2])).to.deep.equal({ type: 'integer' })
    expect(await about([1, 2.5])).to.deep.equal({ type: 'number' })
    expect(await about([1n])).to.deep.equal({ type: 'bigint' })
    expect(await about([new Date()])).to.deep.equal({ type: 'date' })
    expect(await about([new Uint8Array(1), null])).to.deep.equal({ type: ['bytes', 'null'] })
    expect(await about([true, 'x', 1])).to.deep.equal({ type: ['boolean', 'string', 'integer'] })
    expect(await about([null])).to.equal(true)
    expect(await about([[], [1], ['x']])).to.deep.equal({ type: 'array', items: { type: ['integer', 'string'] } })
    expect(await about([{ a: 1 }, { a: 2, b: 'x' }, null])).to.deep.equal({
      type: ['object', 'null'],
      properties: { a: { type: 'integer' }, b: { type: 'string' } },
      required: ['a'],
    })
    expect(await about([new Date(), { a: 1 }])).to.deep.equal({
      anyOf: [{ type: 'date' }, { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }],
    })
  })

  it('proposes formats where all values have them, and nothing else', async () => {
    const formats = {
      'date-time': '2026-01-02T03:04:05Z',
      date: '2026-01-02',
      email: 'ada@example.com',
      uri: 'https://example.com/a?b=c',
      uuid: '0190a7d5-1b2c-7def-8123-456789abcdef',
    }
    for (const [format, text] of Object.entries(formats)) {
      expect(await about([text, text, text])).to.deep.equal({ type: 'string', format })
      expect(await about([text, text, text, 'x'])).to.deep.equal({ type: 'string' })
      expect(await about([text])).to.deep.equal({ type: 'string' })
    }
    expect(await about(['a:b', 'c:d', 'e:f'])).to.deep.equal({ type: 'string' })
  })

  it('proposes enumerations where few strings are there often, and says how often', async () => {
    const { definition, enums } = await infer(holding(times(60, n => ({ at: { role: n % 3 ? 'user' : 'admin' } }))))
    expect(definition.properties.at)
      .to.have.nested.property('properties.role')
      .that.deep.equals({
        type: 'string',
        enum: ['admin', 'user'],
      })
    expect(enums).to.deep.equal([{ path: ['at', 'role'], counts: { user: 40, admin: 20 } }])
    expect(await about([...times(30, n => 'ab'[n % 2]), null])).to.deep.equal({
      type: ['string', 'null'],
      enum: ['a', 'b', null],
    })
    expect(await about(times(15, n => 'ab'[n % 2]))).to.deep.equal({ type: 'string' })
    expect(await about(times(100, n => `name ${n % 30}`))).to.deep.equal({ type: 'string' })
    expect(await about(times(100, () => 'always'))).to.deep.equal({ type: 'string' })
  })

  it('closes what has long had no new properties', async () => {
    const same = times(30, n => ({ a: n, b: { c: n } }))
    const closed = await infer(holding(same))
    expect(closed.definition).to.deep.include({ additionalProperties: false, required: ['a', 'b'] })
    expect(closed.definition.properties.b).to.deep.include({ additionalProperties: false })
    const late = await infer(holding([...same, { a: 1, b: {}, d: 1 }]))
    expect(late.definition).not.to.have.property('additionalProperties')
    expect((await infer(holding(same.slice(0, 5)))).definition).not.to.have.property('additionalProperties')
  })

  it('takes objects with many different names for maps', async () => {
    const days = times(100, n => ({ name: 'x', days: { [`day ${n}`]: n, [`day ${n + 1}`]: 1, sum: 3 } }))
    expect((await infer(holding(days))).definition.properties.days).to.deep.equal({
      type: 'object',
      properties: { sum: { type: 'integer' } },
      required: ['sum'],
      additionalProperties: { type: 'integer' },
    })
    const wide = await infer(holding(times(50, n => Object.fromEntries(times(100, m => [`p${n * 7 + m}`, m])))))
    expect(Object.keys(wide.definition.properties).length).to.be.below(250)
    expect(wide.definition.additionalProperties).to.deep.equal({ type: 'integer' })
  })

  it('names candidates, and finds the ids', async () => {
    const objects = times(100, n => ({
      email: `n${n}@example.com`,
      city: `city ${n % 20}`,
      on: n % 2 === 0,
      made: new Date(n),
      age: n + 0.5,
    }))
    const { candidates } = await infer(holding(objects))
    expect(candidates).to.deep.equal({ unique: ['email'], index: ['city', 'made'] })

    const named = memory({ idProperty: 'key' })
    for (let n = 0; n < 3; n++) named.put({ other: n * 2, key: n })
    const { definition } = await infer(named)
    expect(definition).to.deep.equal({
      idProperty: 'key',
      properties: { other: { type: 'integer' }, key: { type: 'integer' } },
      required: ['other'],
    })
    const Thing = Model(named, definition as never) as never as { get(id: Id): Promise<object> }
    expect({ ...(await Thing.get(1)) }).to.deep.equal({ other: 2, key: 1 })
  })

  it('leaves aside what no model can have', async () => {
    const { definition, unfit } = await infer(holding(times(30, () => ({ save: 1, a: 1 }))))
    expect(unfit).to.deep.equal(['save'])
    expect(definition).to.deep.equal({
      properties: { id: { type: 'integer' }, a: { type: 'integer' } },
      required: ['a'],
    })
  })

  it('looks at a sample, at nothing, and no longer than it is wanted', async () => {
    const store = holding(times(1000, n => (n === 998 ? {} : { n })))
    expect((await infer(store, { sample: 10 })).objects).to.be.within(8, 12)
    expect((await infer(store, { sample: 10 })).definition.required).to.deep.equal(['n'])
    expect((await infer(store)).definition).not.to.have.property('required')
    expect(await infer(holding([]))).to.deep.include({ objects: 0, definition: { properties: {} } })
    const told: number[] = []
    await infer(store, { progress: ({ done }) => told.push(done) })
    expect(told).to.deep.equal([1000])
    const error = await refusal(() => infer(store, { signal: AbortSignal.abort(new Error('no')) }))
    expect(error?.message).to.equal('no')
  })

  it('prints TypeScript that makes the same definition', async () => {
    const objects = times(100, n => ({
      name: `n${n}`,
      'odd name': "it's",
      role: n % 4 ? 'user' : 'admin',
      address: { street: 'x', city: 'y', country: 'z', where: { latitude: 1.5, longitude: 2.5 }, since: new Date(n) },
      tags: ['a'],
      size: 1n,
    }))
    const proposal = await infer(holding(objects), { title: 'Person' })
    expect(String(proposal).split('\n')).to.deep.equal([
      '// inferred from 100 objects',
      'const Person = Model(store, {',
      "  title: 'Person',",
      '  properties: {',
      "    id: { type: 'integer' },",
      '    name: String, // all values are different: unique?',
      "    'odd name': String,",
      `    role: { type: 'string', enum: ['admin', 'user'] }, // "user" 75, "admin" 25`,
      '    address: {',
      "      type: 'object',",
      '      properties: {',
      '        street: String,',
      '        city: String,',
      '        country: String,',
      '        where: {',
      "          type: 'object',",
      '          properties: { latitude: Number, longitude: Number },',
      "          required: ['latitude', 'longitude'],",
      '          additionalProperties: false,',
      '        },',
      '        since: Date,',
      '      },',
      "      required: ['street', 'city', 'country', 'where', 'since'],",
      '      additionalProperties: false,',
      '    },',
      "    tags: { type: 'array', items: String },",
      '    size: BigInt,',
      '  },',
      "  required: ['name', 'odd name', 'role', 'address', 'tags', 'size'],",
      '  additionalProperties: false,',
      '})',
      '',
    ])
    expect(evaluated(String(proposal))).to.deep.equal(schema(proposal.definition).plain)
    expect(JSON.parse(JSON.stringify(proposal)).definition).to.deep.equal(proposal.definition)
  })

  it('takes time in proportion to the objects', async () => {
    const store = sqlite<Thing, Id>({ path: ':memory:' })
    for (let id = 0; id < 3000; id++) store.put({ id, name: `n${id}`, map: { [`k${id}`]: { [`l${id}`]: id } } })
    const proposal = await infer(store)
    expect(proposal.definition.properties.map).to.deep.equal({
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
    })
    store.close()
  })
})
