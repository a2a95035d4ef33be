import { expect } from 'chai'
import { transaction } from '../../lib/transaction.js'
import { equal } from '../../lib/value.js'
import { Model } from '../../models/model.js'
import { memory } from '../../stores/memory.js'
import { refusal } from '../refusal.js'
import { keywords } from './refusals.js'
import { writable } from './writable.js'

/** What becomes of a value of one property; the keyword that is not kept, where it is refused. */
async function become(schema: unknown, value: unknown): Promise<unknown> {
  const store = memory()
  const Thing = Model(store, { coerce: true, properties: { p: schema } } as never) as ReturnType<typeof Model>
  const error = await refusal(async () => {
    await Thing.put?.({ id: 1, p: value })
    throw new Error('stored')
  })
  return error.message === 'stored' ? store.get(1)?.p : error.issues?.[0]?.keyword
}

const bytes = (...values: number[]) => new Uint8Array(values)

describe('coerce', () => {
  const cases: readonly (readonly [type: unknown, given: unknown, becomes: unknown])[] = [
    ['integer', '5', 5],
    ['integer', '-12', -12],
    ['integer', '0', 0],
    ['number', '1.5', 1.5],
    ['number', '0.1', 0.1],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['date', '2026-01-31', new Date('2026-01-31T00:00:00Z')],
    ['date', '2026-01-31T10:30Z', new Date('2026-01-31T10:30:00Z')],
    ['date', '2026-01-31T10:30:05.25+02:00', new Date('2026-01-31T08:30:05.250Z')],
    ['bigint', '123456789012345678901234567890', 123456789012345678901234567890n],
    ['bigint', '-1', -1n],
    ['bytes', 'AQI=', bytes(1, 2)],
    ['bytes', '', bytes()],
    ['string', 5, '5'],
    ['string', -0.5, '-0.5'],
    // what is of the type already
    ['integer', 5, 5],
    ['string', '5', '5'],
    ['date', new Date(5), new Date(5)],
    ['bytes', bytes(1), bytes(1)],
    // what would lose something, or has to be guessed
    ...[
      '007',
      '1e3',
      '+5',
      ' 5',
      '5 ',
      '',
      '5.0',
      '0x10',
      'NaN',
      'Infinity',
      '-0',
      '1_000',
      '9007199254740993',
      '1.5',
      'five',
    ].map(text => ['integer', text, 'type'] as const),
    ...['007', '.5', '5.', '1e400', 'Infinity', '0.10', '1,5'].map(text => ['number', text, 'type'] as const),
    ...['True', '1', '0', 'yes', '', 1, 0].map(value => ['boolean', value, 'type'] as const),
    ...[
      '2026-02-30',
      '2026-13-01',
      '2026-1-1',
      '2026-01-31T10:30',
      '2026-01-31T24:00Z',
      '2026-01-31T10:60Z',
      '2026-01-31T10:30:05.1234Z',
      '31.01.2026',
      'now',
      '2026',
      '',
      5,
    ].map(value => ['date', value, 'type'] as const),
    ...['007', '1.0', '1e3', '', '5n', '-0', 5, 'x'].map(value => ['bigint', value, 'type'] as const),
    ...['AQI', 'AQJ=', 'A===', 'AQ I=', '_-==', 'ä'].map(value => ['bytes', value, 'type'] as const),
    ...[true, null, 5n].map(value => ['string', value, 'type'] as const),
    ['null', 'null', 'type'],
    ['array', '[1]', 'type'],
    ['array', 'a', 'type'],
    ['object', '{}', 'type'],
  ]
  for (const [type, given, becomes] of cases) {
    it(`${typeof given === 'string' ? JSON.stringify(given) : given} as ${type} becomes ${becomes}`, async () => {
      const found = await become({ type }, given)
      expect(equal(found, becomes), String(found)).to.equal(true)
    })
  }

  it('leaves a union alone that takes the value, and one that can take it in two ways', async () => {
    expect(await become({ type: ['string', 'number'] }, '5')).to.equal('5')
    expect(await become({ type: ['integer', 'null'] }, '5')).to.equal(5)
    expect(await become({ type: ['integer', 'number'] }, '5')).to.equal(5)
    expect(await become({ type: ['number', 'bigint'] }, '5')).to.equal('type')
    expect(await become({ anyOf: [{ type: 'string' }, { type: 'integer' }] }, '5')).to.equal('5')
    expect(await become({ anyOf: [{ type: 'integer' }, { type: 'null' }] }, '5')).to.equal(5)
    expect(await become({ oneOf: [{ type: 'integer' }, { type: 'boolean' }] }, 'true')).to.equal(true)
    expect(
      await become(
        { anyOf: [{ type: 'object', properties: { n: { type: 'integer' } } }, { type: 'null' }] },
        { n: '5' },
      ),
    ).to.deep.equal({ n: 5 })
    expect(await become({ anyOf: [{ const: '5' }, { type: 'integer' }] }, '5')).to.equal('5')
    const either = ['integer', 'string'].map(type => ({ type: 'object', properties: { n: { type } } }))
    expect(await become({ anyOf: either }, { n: '5' })).to.deep.equal({ n: '5' })
    expect(await become({ enum: [5, 'x'] }, '5')).to.equal('enum')
    expect(await become(true, '5')).to.equal('5')
  })

  it('goes into objects, arrays and references', async () => {
    const point = { type: 'object', properties: { x: Number, y: Number }, additionalProperties: { type: 'boolean' } }
    expect(await become(point, { x: '1', y: 2, z: 'true' })).to.deep.equal({ x: 1, y: 2, z: true })
    expect(await become({ type: 'array', items: Date }, ['2026-01-01'])).to.deep.equal([new Date('2026-01-01')])
    expect(
      await become({ type: 'array', prefixItems: [Number, { type: 'string' }], items: Boolean }, ['1', 2, 'true']),
    ).to.deep.equal([1, '2', true])
    expect(await become({ type: 'object', patternProperties: { '^n': Number } }, { n1: '1', m: '1' })).to.deep.equal({
      n1: 1,
      m: '1',
    })
    expect(await become({ allOf: [{ type: 'integer' }, { minimum: 3 }] }, '5')).to.equal(5)
    expect(await become(Number, JSON.parse('{"__proto__": "5"}'))).to.equal('type')
    const store = memory()
    const Tree = Model(store, {
      coerce: true,
      properties: { root: { $ref: '#/$defs/node' } },
      $defs: {
        node: {
          type: 'object',
          properties: { n: { type: 'integer' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
        },
      },
    })
    await Tree.put({ id: 1, root: { n: '1', children: [{ n: '2', children: [{ n: '3' }] }] } } as never)
    expect(store.get(1)?.root).to.deep.equal({ n: 1, children: [{ n: 2, children: [{ n: 3 }] }] })
  })

  for (const [name, open] of Object.entries(writable)) {
    it(`works on every way to the store, before the validation, and is shown: ${name}`, async () => {
      const store = open()
      const User = Model(store, {
        coerce: true,
        properties: { age: { type: 'integer', minimum: 0 }, born: Date, code: { type: 'string', default: 'x' } },
      })
      const user = await User.add({ id: 1, age: '36', born: '2026-01-31' })
      expect(user).to.deep.equal({ id: 1, age: 36, born: new Date('2026-01-31'), code: 'x' })
      Object.assign(user, { age: '37' })
      expect(await user.save()).to.have.property('age', 37)
      expect(await User.put({ id: 1, age: '38', code: 7 })).to.deep.equal({ id: 1, age: 38, code: '7' })
      expect(new User({ age: '3' }).age).to.equal(3)
      await User.update(1, user => ({ ...user, age: '39' }))
      await User.patch(1, [{ op: 'replace', path: '/age', value: '40' }])
      await transaction(User, tx => tx.putAll([{ id: 2, age: '1' }]))
      expect(await store.get(1)).to.deep.equal({ id: 1, age: 40, code: '7' })
      expect(await store.get(2)).to.deep.equal({ id: 2, age: 1, code: 'x' })
      expect(await keywords(() => User.add({ age: '-1' }))).to.deep.equal([['age', 'minimum']])
    })
  }

  it('leaves what is given as it is', async () => {
    const point = { type: 'object', properties: { x: Number } } as const
    const User = Model(memory(), { coerce: true, properties: { tags: { type: 'array', items: Number }, point } })
    const given = { id: 1, tags: ['1'], point: { x: '5' } }
    await User.put(given)
    expect(new User(given)).to.deep.include({ tags: [1], point: { x: 5 } })
    expect(given).to.deep.equal({ id: 1, tags: ['1'], point: { x: '5' } })
  })

  it('is done only where a definition asks for it, or what it extends', async () => {
    const properties = { age: Number }
    expect(await keywords(() => Model(memory(), { properties }).add({ age: '5' } as never))).to.deep.equal([
      ['age', 'type'],
    ])
    const Parent = Model(memory(), { coerce: true, properties })
    expect(await Model(memory(), { extends: Parent }).add({ age: '5' })).to.have.property('age', 5)
    const strict = Model(memory(), { extends: Parent, coerce: false })
    expect(await keywords(() => strict.add({ age: '5' } as never))).to.deep.equal([['age', 'type']])
    expect(() => Model(memory(), { coerce: 1 } as never)).to.throw(TypeError, 'definition.coerce')
  })
})
