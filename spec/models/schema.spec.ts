import { expect } from 'chai'
import { Model } from '../../models/model.js'
import { schema } from '../../models/schema.js'
import { memory } from '../../stores/memory.js'

const issues = (definition: object, object: object) => schema(definition).validate(object)
const valid = (definition: object, object: object) => issues(definition, object).length === 0
const property = (definition: unknown, value: unknown) => valid({ properties: { p: definition } }, { p: value })

describe('types', () => {
  const samples = {
    string: 'a',
    number: 1.5,
    integer: 2,
    boolean: false,
    object: { a: 1 },
    array: [1],
    null: null,
    date: new Date(0),
    bigint: 1n,
    bytes: new Uint8Array(1),
  }
  const accepts: Record<string, readonly string[]> = { number: ['number', 'integer'] }

  for (const type of Object.keys(samples)) {
    it(`${type} accepts only its own values`, () => {
      for (const [name, value] of Object.entries(samples)) {
        const expected = (accepts[type] ?? [type]).includes(name)
        expect(property({ type }, value), `${name} as ${type}`).to.equal(expected)
        expect(property({ type: [type, 'null'] }, value), `${name} as ${type} or null`).to.equal(
          expected || name === 'null',
        )
      }
    })
  }

  it('have constructors as shortcuts, nested ones too', () => {
    const shortcuts = [String, Number, Boolean, Object, Array, Date, BigInt, Uint8Array]
    const names = ['string', 'number', 'boolean', 'object', 'array', 'date', 'bigint', 'bytes']
    for (const [position, shortcut] of shortcuts.entries()) {
      const { plain } = schema({ properties: { p: shortcut, list: { type: 'array', items: shortcut } } })
      const type = names[position]
      expect(plain).to.deep.equal({ properties: { p: { type }, list: { type: 'array', items: { type } } } })
    }
  })
})

describe('constraints', () => {
  const cases: [title: string, property: object, good: unknown, bad: unknown, message: string][] = [
    ['minimum', { type: 'integer', minimum: 0 }, 0, -1, 'p must be an integer of at least 0, not -1'],
    ['maximum', { type: 'number', maximum: 1 }, 1, 2, 'p must be a number of at most 1, not 2'],
    ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 0 }, 1, 0, 'p must be a number greater than 0, not 0'],
    [
      'minLength',
      { type: 'string', minLength: 2 },
      '😀😀',
      '😀',
      "p must be a string of at least 2 characters, not '😀'",
    ],
    ['maxLength', { type: 'string', maxLength: 1 }, '😀', 'ab', "p must be a string of at most 1 character, not 'ab'"],
    ['pattern', { type: 'string', pattern: '^a+$' }, 'aa', 'b', "p must be a string that matches /^a+$/, not 'b'"],
    ['format', { type: 'string', format: 'email' }, 'a@b.no', 'a', "p must be a valid email, not 'a'"],
    ['enum', { enum: ['a', 1, null] }, null, 'b', "p must be one of 'a', 1 or null, not 'b'"],
    ['const', { const: 'x' }, 'x', 'y', "p must be 'x', not 'y'"],
    ['items', { type: 'array', items: String }, ['a'], ['a', 1], 'p.1 must be a string, not 1'],
    [
      'minItems',
      { type: 'array', minItems: 1 },
      [1],
      [],
      'p must be an array of at least 1 item, not an array of 0 items',
    ],
    [
      'uniqueItems',
      { type: 'array', uniqueItems: true },
      [1, '1'],
      [{ a: 1 }, { a: 1 }],
      'p must not have the same item twice',
    ],
    [
      'prefixItems',
      { type: 'array', prefixItems: [String, Number] },
      ['a', 1],
      ['a', 'b'],
      "p.1 must be a number, not 'b'",
    ],
    [
      'contains',
      { type: 'array', contains: { const: 1 } },
      [0, 1],
      [0],
      'p must have at least 1 item that is 1, not 0',
    ],
    ['required', { type: 'object', required: ['q'] }, { q: 1 }, {}, 'p.q is required'],
    [
      'closed',
      { type: 'object', properties: { q: true }, additionalProperties: false },
      { q: 1 },
      { r: 1 },
      'p.r is not declared',
    ],
    ['propertyNames', { type: 'object', propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }, 'p.ab'],
    [
      'dependentRequired',
      { type: 'object', dependentRequired: { a: ['b'] } },
      { b: 1 },
      { a: 1 },
      'p.b is required where there is a',
    ],
    ['a type', { type: ['date', 'null'] }, null, '2026-01-01', "p must be a Date or null, not '2026-01-01'"],
    ['bytes', { type: 'bytes' }, new Uint8Array(), 'AA==', "p must be a Uint8Array, not 'AA=='"],
    ['nothing', { not: {} }, undefined, 1, 'p is not allowed'],
    ['a reference', { $ref: '#/$defs/small' }, 1, 5, 'p must be an integer of at most 3, not 5'],
  ]
  for (const [title, definition, good, bad, message] of cases) {
    it(title, () => {
      const given = { properties: { p: definition }, $defs: { small: { type: 'integer', maximum: 3 } } }
      expect(issues(given, good === undefined ? {} : { p: good })).to.deep.equal([])
      const Thing = Model(memory(), given as object)
      expect(() => Thing.put({ p: bad }))
        .to.throw(message)
        .with.property('name', 'ValidationError')
    })
  }

  it('of the object as a whole', () => {
    const either = { properties: { a: true, b: true }, anyOf: [{ required: ['a'] }, { required: ['b'] }] }
    expect([valid(either, { a: 1 }), valid(either, {})]).to.deep.equal([true, false])
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword
    const choice = { if: { required: ['a'] }, then: { required: ['b'] }, properties: { a: true, b: true } }
    expect([valid(choice, {}), valid(choice, { a: 1 })]).to.deep.equal([true, false])
  })

  it('leave a closed object its id', async () => {
    const Thing = Model(memory(), { properties: { a: Number }, additionalProperties: false })
    const thing = await Thing.add({ a: 1 })
    thing.a = 2
    await thing.save()
    expect(() => Thing.put({ a: 1, b: 2 } as never)).to.throw('b is not declared')
  })

  it('see own properties only', () => {
    const definition = { properties: { constructor: { type: 'string' } }, required: ['toString'] }
    expect(issues(definition, {}).map(({ path }) => path)).to.deep.equal([['toString']])
    expect(valid(definition, { toString: 1 })).to.equal(true)
  })

  it('look at __proto__ in an object as at any other name', () => {
    const data = JSON.parse('{"p":{"__proto__":1}}')
    const closed = { type: 'object', additionalProperties: false }
    const issue = { path: ['p', '__proto__'], message: 'must be a string, not 1' }
    expect(issues({ properties: { p: closed } }, data)[0]).to.deep.include({ message: 'is not declared' })
    for (const more of [
      { additionalProperties: String },
      { unevaluatedProperties: String },
      { patternProperties: { '^__': String } },
    ]) {
      expect(issues({ properties: { p: { type: 'object', ...more } } }, data)[0], Object.keys(more)[0]).to.deep.include(
        issue,
      )
    }
    expect(issues({ properties: { p: { const: data.p } } }, data)).to.deep.equal([])
    expect(issues({ properties: { p: { const: {} } } }, data)).to.have.length(1)
  })

  it('take linear time, even of items that must be unique', () => {
    const items = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `text ${n}` }))
    const { validate } = schema({ properties: { p: { type: 'array', uniqueItems: true } } })
    validate({ p: [] })
    const start = performance.now()
    expect(validate({ p: items })).to.deep.equal([])
    expect(validate({ p: [...items, { text: 'text 0', n: 0 }] })).to.have.length(1)
    expect(performance.now() - start).to.be.lessThan(2000)
  })
})
